namespace BlazorAuth.Tests.Providers;

/// <summary>What an error of a provider means for the person who sees it.</summary>
public sealed class ErrorMeaningTests
{
    [Theory]
    [InlineData("error=user_denied", "Cancelled")]
    [InlineData("error=User_Cancelled_Login", "Cancelled")]
    [InlineData("error=access_denied", "Cancelled")]
    [InlineData("error=access_denied&error_description=AADSTS65004%3A+User+declined+to+consent.", "Cancelled")]
    [InlineData("error=access_denied&error_description=AADSTS90094%3A+needs+permission", "ProviderRefused")]
    [InlineData("error=access_denied&error_description=An+administrator+has+to+approve+this+app", "ProviderRefused")]
    [InlineData("error=consent_required&error_description=AADSTS65001", "ProviderRefused")]
    [InlineData("error=login_required", "ProviderRefused")]
    [InlineData("error=unauthorized_client", "ProviderRefused")]
    [InlineData("error=temporarily_unavailable&error_description=later", "ProviderUnavailable")]
    [InlineData("error=server_error", "ProviderUnavailable")]
    public async Task AnErrorWithAStateHasItsReason(string query, string reason)
    {
        var fake = new OpenIdFake();
        await using var app = await StartAsync(fake);
        foreach (var provider in (string[])["work", "acme"])
        {
            using var browser = app.CreateBrowser();
            var answer = fake.Answer((await browser.StartSignInAsync(provider)).Location!, ("code", null));
            Assert.Equal(reason, (await browser.ArriveAsync(new Uri(answer + "&" + query))).Query("reason"));
            Assert.Equal("null", await browser.SessionAsync());
        }
    }

    [Theory]
    [InlineData("error=user_cancelled_authorize", "Cancelled")]
    [InlineData("error=access_denied&state=forged", "Cancelled")]
    [InlineData("error=server_error", "ProviderUnavailable")]
    [InlineData("error=invalid_scope", "ProviderAnswer")]
    [InlineData("code=x", "ProviderAnswer")]
    public async Task AnErrorWithoutAStateToo(string query, string reason)
    {
        await using var app = await StartAsync(new OpenIdFake());
        foreach (var provider in (string[])["work", "acme"])
        {
            using var browser = app.CreateBrowser();
            Assert.Equal(reason, (await browser.OpenAsync($"/api/auth/callback/{provider}?{query}")).Query("reason"));
        }
    }

    private static Task<AuthApp> StartAsync(OpenIdFake fake) => fake.StartAsync(setup =>
    {
        var work = setup.Providers;
        setup.Providers = builder =>
        {
            work(builder);
            builder.AddOAuth("acme", "Acme", new FakeProvider().UseForPlainOAuth);
        };
    });
}
