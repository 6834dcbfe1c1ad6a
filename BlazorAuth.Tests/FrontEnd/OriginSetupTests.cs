using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.FrontEnd;

public sealed class OriginSetupTests
{
    [Theory]
    [InlineData("*", "wildcard")]
    [InlineData("https://*.example.com", "wildcard")]
    [InlineData("https://app.example.com/", "Use https://app.example.com.")]
    [InlineData("https://app.example.com/path", "Use https://app.example.com.")]
    [InlineData("https://app.example.com:443", "Use https://app.example.com.")]
    [InlineData("http://app.example.com:8080?x=1", "Use http://app.example.com:8080.")]
    [InlineData("https://user@app.example.com", "Use https://app.example.com.")]
    [InlineData("https://bücher.example", "Use https://xn--bcher-kva.example.")]
    [InlineData(" https://app.example.com", "Use https://app.example.com.")]
    [InlineData("htps://app.example.com", "https://app.example.com or http://localhost:5173")]
    [InlineData("https:/app.example.com", "https://app.example.com or http://localhost:5173")]
    [InlineData("app.example.com", "https://app.example.com or http://localhost:5173")]
    [InlineData("localhost:5173", "https://app.example.com or http://localhost:5173")]
    [InlineData("null", "https://app.example.com or http://localhost:5173")]
    [InlineData("", "https://app.example.com or http://localhost:5173")]
    public async Task AnOriginThatIsNoneStopsTheStartAndTheRightFormIsShown(string origin, string remedy)
    {
        var refusal = await Assert.ThrowsAsync<AuthSetupException>(() => Passwords.StartAppAsync(null, setup => setup.Options = options => options.AllowedOrigins.Add(origin)));

        var message = refusal.Message;
        Assert.Contains("AUTH_ALLOWED_ORIGINS", message, StringComparison.Ordinal);
        Assert.Contains(remedy, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://app.example.com")]
    [InlineData("http://localhost:5173")]
    [InlineData("http://127.0.0.1:3000")]
    [InlineData("http://[::1]:3000")]
    [InlineData("https://xn--bcher-kva.example")]
    public void AnOriginAsBrowsersSendItIsTaken(string origin) => Assert.Null(FrontEndOrigins.Problem(origin));

    [Fact]
    public async Task SeveralOriginsComeFromOneVariable()
    {
        await using var app = await Passwords.StartAppAsync("https://a.example, http://localhost:5173");

        Assert.Equal(["https://a.example", "http://localhost:5173"], app.Services.GetRequiredService<IOptions<AuthOptions>>().Value.AllowedOrigins);
    }

    [Theory]
    [InlineData("https://app.example.com", "https://api.example.com", false)]
    [InlineData("http://localhost:5173", "http://localhost:5080", false)]
    [InlineData("https://app.example.com", "https://example.com", false)]
    [InlineData("http://app.example.com", "https://api.example.com", true)]
    [InlineData("https://app.other.com", "https://api.example.com", true)]
    [InlineData("https://evilexample.com", "https://example.com", true)]
    [InlineData("http://127.0.0.1:5173", "http://localhost:5080", true)]
    [InlineData("http://10.0.0.1", "http://10.0.0.2", true)]
    public void SitesAreToldApartBySchemeAndRegisteredName(string one, string other, bool differ) =>
        Assert.Equal(differ, FrontEndStartup.IsAnotherSite(new Uri(one), new Uri(other)));

    [Theory]
    [InlineData("https://app.other.com", SameSiteMode.Lax, true)]
    [InlineData("https://app.other.com", SameSiteMode.None, false)]
    [InlineData("https://app.example.com", SameSiteMode.Lax, false)]
    public async Task AFrontEndThatWillNeverSeeASessionIsNamedAtStart(string frontEnd, SameSiteMode sameSite, bool warned)
    {
        await using var app = await Passwords.StartAppAsync(frontEnd, setup =>
        {
            setup.Environment = "Production";
            setup.Settings["AUTH_URL"] = "https://auth.example.com";
            setup.Options = options => options.Cookies.SameSite = sameSite;
        });

        Assert.Equal(warned, app.Logs.Own.Any(line => line.Event.Name == "FrontEndOnAnotherSite" && line.Text.Contains(frontEnd, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task CookiesForAnotherSiteAreSecureAndPartitionedWhenAsked()
    {
        await using var app = await Passwords.StartAppAsync(
            "https://app.other.com", setup => setup.Options = options => (options.Cookies.SameSite, options.Cookies.Partitioned) = (SameSiteMode.None, true));
        using var user = app.CreateClient("https://app.other.com");

        var cookies = (await user.SignInWithPasswordAsync()).SetCookies;

        Assert.Contains(cookies, cookie => cookie.StartsWith("authjs.session-token=", StringComparison.Ordinal));

        // The last-used provider and the trace of a session are only for our own pages, which are never a part of another site's page.
        Assert.All(
            cookies.Where(cookie => !cookie.StartsWith("authjs.last-provider=", StringComparison.Ordinal) && !cookie.StartsWith("authjs.had-session=", StringComparison.Ordinal)),
            cookie => Assert.Matches("(?i); secure; samesite=none(; httponly)?; partitioned$", cookie));
    }

    [Fact]
    public async Task PartitionedWithoutNoneStopsTheStart()
    {
        var refusal = await Assert.ThrowsAsync<AuthSetupException>(() => Passwords.StartAppAsync(null, setup => setup.Options = options => options.Cookies.Partitioned = true));

        Assert.Contains("SameSite to None", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoneOverHttpStopsTheStart()
    {
        var refusal = await Assert.ThrowsAsync<AuthSetupException>(() => Passwords.StartAppAsync(null, setup =>
        {
            setup.Settings["AUTH_URL"] = "http://auth.example.com";
            setup.Options = options => options.Cookies.SameSite = SameSiteMode.None;
        }));

        Assert.Contains("https", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task PartitionedCookiesBesideARemoteProviderAreWarnedAbout(bool google, bool warned)
    {
        await using var app = await Passwords.StartAppAsync("https://app.other.com", setup =>
        {
            setup.Options = options => (options.Cookies.SameSite, options.Cookies.Partitioned) = (SameSiteMode.None, true);
            if (google)
            {
                setup.Providers += AddGoogle;
            }
        });

        Assert.Equal(warned, app.Logs.Own.Any(line => line.Event.Name == "PartitionedWithRemoteProvider"));
    }

    [Fact]
    public async Task ASignInAcrossSitesSetsTheCookiesOfItsFlowForThatToo()
    {
        await using var app = await Passwords.StartAppAsync("https://app.other.com", setup =>
        {
            setup.Options = options => options.Cookies.SameSite = SameSiteMode.None;
            setup.Providers += AddGoogle;
        });
        using var user = app.CreateClient("https://app.other.com");

        var response = await user.FetchFormAsync("/api/auth/signin/google", [], ("X-Auth-Return-Redirect", "1"));

        var correlation = Assert.Single(response.SetCookies, cookie => cookie.Contains("Correlation", StringComparison.Ordinal));
        Assert.Contains("; secure; samesite=none", correlation, StringComparison.OrdinalIgnoreCase);
    }

    private static void AddGoogle(AuthenticationBuilder builder) => builder.AddGoogle(options => (options.ClientId, options.ClientSecret) = ("id", "secret"));
}
