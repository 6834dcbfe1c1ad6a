using Microsoft.AspNetCore.Authentication;

namespace BlazorAuth.Tests.Endpoints;

/// <summary>What the page before a provider's asks for, that nothing begins by itself, and why somebody without a session is here, by what their browser still knows.</summary>
public sealed partial class SignInEndpointTests
{
    private const string Ended = "Your session has ended.";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    [Theory]
    [InlineData("openid", "That it is you")]
    [InlineData("openid email", "That it is you|Your e-mail address")]
    [InlineData("openid profile email", "Your name and picture|Your e-mail address")]
    [InlineData("openid profile offline_access calendar.read", "Your name and picture|More that this site asks for: calendar.read, offline_access")]
    public async Task AnOpenIdProviderIsAskedForWhatItsScopesSay(string scopes, string shares)
    {
        await using var app = await StartAsync(builder => builder.AddOpenIdConnect("work", "Example Corp", options =>
        {
            new FakeProvider().UseFor(options);
            options.Scope.Clear();
            foreach (var scope in scopes.Split(' '))
            {
                options.Scope.Add(scope);
            }
        }));
        Assert.Equal(shares, await SharesAsync(app, "work"));
    }

    [Theory]
    [InlineData("", "Your name and picture")]
    [InlineData("user:email", "Your name and picture|Your e-mail address")]
    [InlineData("read:user user:email repo", "Your name and picture|Your e-mail address|More that this site asks for: repo")]
    public async Task AnOAuthProviderShowsThePublicProfileInAnyCase(string scopes, string shares)
    {
        await using var app = await StartAsync(builder => builder.AddOAuth("acme", "Acme", options =>
        {
            new FakeProvider().UseForPlainOAuth(options);
            foreach (var scope in scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                options.Scope.Add(scope);
            }
        }));
        Assert.Equal(shares, await SharesAsync(app, "acme"));
    }

    [Fact]
    public async Task AnotherWayToSignInLeadsToTheSamePlace()
    {
        await using var app = await StartAsync(builder => builder.AddGoogle().AddGitHub());
        using var browser = app.CreateBrowser();
        var page = await browser.OpenAsync("/api/auth/signin/github?callbackUrl=%2Fpage%3Fa%3D1");
        Assert.Equal("Sign in with GitHub", page.Document.QuerySelector("h1")!.TextContent);
        var link = page.Document.QuerySelectorAll("main a").Single(link => link.TextContent == "Use another way to sign in");
        var other = await browser.OpenAsync(link.GetAttribute("href")!);
        Assert.Equal("/api/auth/signin", other.Address.AbsolutePath);
        Assert.All(other.Document.QuerySelectorAll("form"), form =>
            Assert.Equal(new Uri(app.Address, "/page?a=1").AbsoluteUri, form.QuerySelector("input[name=callbackUrl]")!.GetAttribute("value")));
        Assert.Equal(["Google", "GitHub", "OpenID Connect"], other.Document.QuerySelectorAll(".ba-providers button").Select(button => button.TextContent.Trim().Split(" with ")[^1]));
    }

    [Theory]
    [InlineData(false, "/api/auth/signin/github", 0)]
    [InlineData(true, "/api/auth/signin/github", 1)]
    [InlineData(true, "/api/auth/signin/github?fresh=true", 0)]
    [InlineData(true, "/api/auth/signin", 0)]
    [InlineData(true, "/api/auth/signin?error=OAuthCallbackError&provider=github", 0)]
    public async Task NothingGoesOnByItselfUnlessItIsTurnedOn(bool isOn, string address, int expected)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth => auth.Pages.AutoContinue = isOn);
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        Assert.Equal(expected, (await browser.OpenAsync(address)).Document.QuerySelectorAll("[data-ba-auto]").Length);
    }

    [Fact]
    public async Task WhoseSessionRanOutIsToldSo()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        app.Clock.Advance(Lifetime + TimeSpan.FromHours(1));

        // A browser forgets the cookie together with the session.
        Assert.Null(browser.Cookies.Find("authjs.session-token"));
        Assert.StartsWith(Ended, Line(await browser.OpenAsync("/api/auth/signin")), StringComparison.Ordinal);
        Assert.StartsWith(Ended, Line(await browser.OpenAsync("/private")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARenewedSessionIsRememberedFromItsNewEnd()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        app.Clock.Advance(TimeSpan.FromDays(20));
        await browser.OpenAsync("/page");
        app.Clock.Advance(Lifetime + TimeSpan.FromHours(1));
        Assert.StartsWith(Ended, Line(await browser.OpenAsync("/api/auth/signin")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADayLaterNothingIsSaidAnyMore()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        app.Clock.Advance(Lifetime + TimeSpan.FromHours(25));
        Assert.Null(Line(await browser.OpenAsync("/api/auth/signin")));
    }

    [Theory]
    [InlineData("here")]
    [InlineData("everywhere")]
    public async Task WhoSignedOutIsNotToldThatTheirSessionEnded(string where)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        await browser.PostAsync("/api/auth/signout", [new("where", where)]);
        Assert.Null(Line(await browser.OpenAsync("/api/auth/signin")));
        app.Clock.Advance(Lifetime + TimeSpan.FromHours(1));
        Assert.Null(Line(await browser.OpenAsync("/api/auth/signin")));
    }

    [Fact]
    public async Task WhoWasSignedOutElsewhereIsToldThat()
    {
        await using var app = await AuthApp.StartAsync();
        using var here = app.CreateBrowser();
        using var there = app.CreateBrowser();
        await here.SignInAsync("github");
        await there.SignInAsync("github");
        await there.PostAsync("/api/auth/signout", [new("where", "everywhere")]);
        Assert.StartsWith("You were signed out from another window", Line(await here.OpenAsync("/api/auth/signin")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheTraceOfASessionSaysNothingAboutThePersonAndOpensNothing()
    {
        await using var app = await AuthApp.StartAsync();
        using var ada = app.CreateBrowser();
        using var grace = app.CreateBrowser();
        await ada.SignInAsync("github");
        await grace.SignInAsync("google", "grace");
        var trace = ada.Cookies.Find("authjs.had-session")!;
        Assert.Equal(trace.Value, grace.Cookies["authjs.had-session"]);
        Assert.Equal((true, "lax"), (trace.HttpOnly, trace.SameSite?.ToLowerInvariant()));

        using var stranger = app.CreateBrowser();
        stranger.Cookies["authjs.had-session"] = trace.Value;
        Assert.Equal("null", await stranger.SessionAsync());
    }

    private static Task<AuthApp> StartAsync(Action<AuthenticationBuilder> providers) => AuthApp.StartAsync(setup => setup.Providers = providers);

    private static async Task<string> SharesAsync(AuthApp app, string provider)
    {
        using var browser = app.CreateBrowser();
        var page = await browser.OpenAsync("/api/auth/signin/" + provider);
        return string.Join('|', page.Document.QuerySelectorAll(".ba-note li").Select(share => share.TextContent));
    }

    private static string? Line(Page page) => page.Document.QuerySelector("main .ba-message")?.TextContent.Trim();
}
