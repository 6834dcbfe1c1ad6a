using Microsoft.AspNetCore.Authentication;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>GET providers</c>: what a person can sign in with, and nothing else.</summary>
public sealed class ProvidersEndpointTests(PlainApp plain) : IClassFixture<PlainApp>
{
    [Fact]
    public async Task ProvidersAreListedInOrderAndTellNothingElse()
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        var answer = await browser.FetchAsync(HttpMethod.Get, "/api/auth/providers");
        Assert.Empty(answer.SetCookies);
        Assert.Equal(
            """{"google":{"id":"google","name":"Google","type":"oauth","signinUrl":"http://localhost/api/auth/signin/google","callbackUrl":"http://localhost/api/auth/callback/google"},"github":{"id":"github","name":"GitHub","type":"oauth","signinUrl":"http://localhost/api/auth/signin/github","callbackUrl":"http://localhost/api/auth/callback/github"},"oidc":{"id":"oidc","name":"OpenID Connect","type":"oidc","signinUrl":"http://localhost/api/auth/signin/oidc","callbackUrl":"http://localhost/api/auth/callback/oidc"}}""",
            answer.Text);
    }

    [Fact]
    public async Task TheAddressesAreThoseOfTheHostThatWasAsked()
    {
        using var browser = plain.App.CreateBrowser();
        foreach (var host in (string[])["http://one.localhost", "http://two.localhost", "http://one.localhost"])
        {
            var answer = await browser.FetchAsync(HttpMethod.Get, host + "/api/auth/providers");
            Assert.Equal(host + "/api/auth/signin/google", (string?)answer.Json!["google"]!["signinUrl"]);
        }
    }

    [Fact]
    public async Task ASchemeThatComesAndGoesWhileTheAppRunsIsListedAndTakenOff()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var schemes = app.Services.GetRequiredService<IAuthenticationSchemeProvider>();
        var google = (await schemes.GetSchemeAsync("Google"))!;
        Assert.Equal(["google", "github", "oidc"], await ListAsync(browser));

        schemes.RemoveScheme("Google");
        Assert.Equal(["github", "oidc"], await ListAsync(browser));
        schemes.AddScheme(google);
        Assert.Contains("google", await ListAsync(browser));
    }

    [Fact]
    public async Task CredentialsAreListedWithTheirType()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.StandIns = false;
            setup.Providers = builder => builder.AddCredentials("password", _ => ValueTask.FromResult(CredentialsResult.Refuse()));
        });
        using var browser = app.CreateBrowser();
        var answer = await browser.FetchAsync(HttpMethod.Get, "/api/auth/providers");
        Assert.Equal("credentials", (string?)answer.Json!["password"]!["type"]);
    }

    private static async Task<IEnumerable<string>> ListAsync(Browser browser) =>
        (await browser.FetchAsync(HttpMethod.Get, "/api/auth/providers")).Json!.AsObject().Select(provider => provider.Key);
}
