using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Tests.Providers;

/// <summary>Code of the app that takes the place of what checks ID tokens: nobody is signed in by it.</summary>
public sealed class ReplacedCheckTests
{
    [Fact]
    public async Task ThePlatformsOlderValidatorStopsTheStart()
    {
        var fake = new OpenIdFake();
        var error = await Assert.ThrowsAsync<AuthSetupException>(() => fake.StartAsync(configure: options => options.UseSecurityTokenValidator = true));
        Assert.Contains("UseSecurityTokenValidator", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task AHandlerThatComesLaterSignsNobodyIn(bool isLater, bool isSignedIn)
    {
        var fake = new OpenIdFake();
        if (isLater)
        {
            fake.Spoil = token => $"{Base64UrlEncoder.Encode("{\"alg\":\"none\",\"typ\":\"JWT\"}")}.{token.Split('.')[1]}.";
        }

        await AssertAsync(fake, isLater, options => options.TokenHandler = new JsonWebTokenHandler { MapInboundClaims = false }, isSignedIn, "TokenHandler");
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task AnEventThatComesLaterSignsNobodyIn(bool isLater, bool isSignedIn)
    {
        var fake = new OpenIdFake();
        if (isLater)
        {
            fake.ChangeToken = claims => claims["nonce"] = "anothers";
        }

        await AssertAsync(fake, isLater, options => options.Events.OnTokenValidated = _ => Task.CompletedTask, isSignedIn, "OnTokenValidated");
    }

    private static async Task AssertAsync(OpenIdFake fake, bool isLater, Action<OpenIdConnectOptions> change, bool isSignedIn, string named)
    {
        await using var app = await fake.StartAsync(setup => setup.Services = services => _ = isLater ? services.PostConfigure("work", change) : services.Configure("work", change));

        var page = await fake.SignInAsync(app);

        Assert.Equal(isSignedIn, page.Text == "Ada Lovelace");
        Assert.Equal(isSignedIn ? null : "ProviderAnswer", page.Query("reason"));
        Assert.Equal(!isSignedIn, app.Logs.Own.Any(line => line.Event.Id == 302 && line.Text.Contains(named, StringComparison.Ordinal)));
    }
}
