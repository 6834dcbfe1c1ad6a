using Microsoft.AspNetCore.Authorization;

namespace BlazorAuth.Tests.Identity;

/// <summary>Who has to sign in is sent to Identity's own page, which goes where its parameter says.</summary>
public sealed class IdentityChallengeTests
{
    [Theory]
    [InlineData("/notes?a=b", "log in: /notes?a=b")]
    [InlineData("//evil.example/x", "log in: /")]
    [InlineData("//evil.example/%2F?a=b", "log in: /")]
    public async Task IdentitysPageGetsNoPathThatIsAnotherHost(string path, string expected)
    {
        await using var app = await IdentityApp.StartAsync(setup => setup.Services += services => services.AddAuthorization(options =>
            options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()));
        using var browser = app.App.CreateBrowser();
        Assert.Equal(expected, (await browser.OpenAsync(app.App.Origin + path)).Text);
    }
}
