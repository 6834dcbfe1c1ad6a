namespace BlazorAuth.Tests.Endpoints;

/// <summary>What the page before a provider's asks for, that nothing begins by itself, and why somebody without a session is here, by what their browser still knows.</summary>
public sealed partial class SignInEndpointTests
{
    private const string Ended = "Your session ended.";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

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
        Assert.StartsWith("You were signed out in another window", Line(await here.OpenAsync("/api/auth/signin")), StringComparison.Ordinal);
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

    private static string? Line(Page page) => page.Document.QuerySelector("main .ba-message")?.TextContent.Trim();
}
