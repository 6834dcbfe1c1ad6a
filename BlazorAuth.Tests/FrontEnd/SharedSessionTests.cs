using System.Net;

namespace BlazorAuth.Tests.FrontEnd;

/// <summary>
/// One session in our app and in one of the real <c>@auth/core</c>: same secret, same cookie. Over http; over https with the name that we give it; and
/// with the name that it has by itself.
/// </summary>
[Needs(Needs.Node)]
public sealed class SharedSessionTests
{
    public static TheoryData<string> Cookies => ["", "__Host-authjs.session-token", "its-own"];

    [Theory]
    [MemberData(nameof(Cookies))]
    public async Task ASessionBegunHereIsOneThereAndComesBackRenewedByAuthJs(string cookie)
    {
        await using var app = await StartAsync(cookie);
        await using var authJs = await StartAuthJsAsync(cookie);
        using var here = app.CreateClient();
        using var there = authJs.CreateClient();
        await here.SignInWithPasswordAsync();

        Share(here, there);
        Assert.Equal("Ada", await there.NameAsync());
        Assert.NotEqual(Token(here), Token(there));

        // Auth.js wrote a token of its own, with our claims in it: still our session, and still revocable.
        Share(there, here);
        Assert.Equal("Ada", await here.NameAsync());
        Assert.Equal(1, await app.Sessions.RevokeUserAsync("u-ada", TestContext.Current.CancellationToken));
        Assert.Null(await here.NameAsync());
    }

    [Theory]
    [MemberData(nameof(Cookies))]
    public async Task ASessionBegunThereIsNoneHereUnlessTheAppSaysSo(string cookie)
    {
        await using var app = await StartAsync(cookie);
        await using var authJs = await StartAuthJsAsync(cookie);
        using var here = app.CreateClient();
        using var there = authJs.CreateClient();
        await SignInThereAsync(there);

        Share(there, here);

        Assert.Null(await here.NameAsync());
    }

    [Theory]
    [MemberData(nameof(Cookies))]
    public async Task ASessionBegunThereIsAdoptedHereAndCanBeRevoked(string cookie)
    {
        await using var app = await StartAsync(cookie, accepts: true);
        await using var authJs = await StartAuthJsAsync(cookie);
        using var here = app.CreateClient();
        using var there = authJs.CreateClient();
        await SignInThereAsync(there);

        Share(there, here);
        Assert.Equal("kim", await here.NameAsync());
        Share(here, there);
        Assert.Equal("kim", await there.NameAsync());
        Share(there, here);
        Assert.Equal("kim@example.com", (string?)(await here.FetchAsync(HttpMethod.Get, "/api/auth/session")).Json!["user"]!["email"]);

        var session = Assert.Single(await app.Sessions.ListAsync("u-kim", TestContext.Current.CancellationToken));
        Assert.Equal(RevokeResult.Revoked, await app.Sessions.RevokeAsync("u-kim", session.Id, TestContext.Current.CancellationToken));
        Assert.Null(await here.NameAsync());
    }

    [Theory]
    [MemberData(nameof(Cookies))]
    public async Task RequestsThatBringAForeignTokenAtOnceAdoptItOnce(string cookie)
    {
        await using var app = await StartAsync(cookie, accepts: true);
        await using var authJs = await StartAuthJsAsync(cookie);
        using var there = authJs.CreateClient();
        await SignInThereAsync(there);

        var tabs = Enumerable.Range(0, 8).Select(_ => app.CreateClient()).ToList();
        tabs.ForEach(tab => Share(there, tab));
        var names = await Task.WhenAll(tabs.Select(tab => tab.NameAsync()));

        Assert.All(names, name => Assert.Equal("kim", name));
        Assert.Single(await app.Sessions.ListAsync("u-kim", TestContext.Current.CancellationToken));
        tabs.ForEach(tab => tab.Dispose());
    }

    [Theory]
    [MemberData(nameof(Cookies))]
    public async Task SigningOutHereSignsOutThereButAuthJsGoesOnReadingACopy(string cookie)
    {
        await using var app = await StartAsync(cookie);
        await using var authJs = await StartAuthJsAsync(cookie);
        using var here = app.CreateClient();
        using var there = authJs.CreateClient();
        using var copy = authJs.CreateClient();
        await here.SignInWithPasswordAsync();
        Share(here, copy);

        var signedOut = await here.FetchFormAsync("/api/auth/signout", []);
        Share(here, there);

        Assert.Equal(HttpStatusCode.Found, signedOut.Status);
        Assert.Null(await there.NameAsync());
        Assert.Equal("Ada", await copy.NameAsync());
        Share(copy, here);
        Assert.Null(await here.NameAsync());
    }

    [Theory]
    [MemberData(nameof(Cookies))]
    public async Task SigningOutThereTakesTheCookieButTheSessionHereLivesUntilItIsRevoked(string cookie)
    {
        await using var app = await StartAsync(cookie);
        await using var authJs = await StartAuthJsAsync(cookie);
        using var here = app.CreateClient();
        using var there = authJs.CreateClient();
        using var copy = app.CreateClient();
        await here.SignInWithPasswordAsync();
        Share(here, there);
        Share(here, copy);

        var signedOut = await there.FetchFormAsync("/api/auth/signout", []);
        Share(there, here);

        Assert.Null(await here.NameAsync());
        Assert.NotNull(await copy.NameAsync());
        Assert.Equal(1, await app.Sessions.RevokeUserAsync("u-ada", TestContext.Current.CancellationToken));
        Assert.Null(await copy.NameAsync());
    }

    [Theory]
    [MemberData(nameof(Cookies))]
    public async Task TheCsrfTokenOfOneIsTakenByTheOther(string cookie)
    {
        await using var app = await StartAsync(cookie);
        await using var authJs = await StartAuthJsAsync(cookie);
        using var here = app.CreateClient();
        using var there = authJs.CreateClient();
        var token = await there.CsrfTokenAsync();

        Share(there, here);

        Assert.Equal(token, await here.CsrfTokenAsync());
    }

    private static Task<AuthJsServer> StartAuthJsAsync(string cookie) => AuthJsServer.StartAsync(AuthApp.Secret, cookie.Length == 0 ? null : cookie);

    // The real clock: Auth.js has no other.
    private static Task<AuthApp> StartAsync(string cookie, bool accepts = false) => Passwords.StartAppAsync(null, setup =>
    {
        setup.Clock = TimeProvider.System;
        setup.Address = new Uri(cookie.Length == 0 ? "http://localhost" : "https://localhost");
        setup.Settings["AUTH_SHARE_WITH_AUTHJS"] = cookie == "its-own" ? "true" : null;
        setup.Options = options => options.Session.AcceptAuthJsTokens = accepts;
    });

    private static async Task SignInThereAsync(Browser there)
    {
        await there.FetchFormAsync("/api/auth/callback/credentials", new() { ["user"] = "kim", ["password"] = "x" });
        Assert.NotEmpty(Token(there));
    }

    /// <summary>What a browser does by itself where both apps are behind one host: it has one jar.</summary>
    private static void Share(Browser from, Browser to)
    {
        to.Cookies.Clear();
        from.Cookies.CopyTo(to.Cookies);
    }

    private static string Token(Browser user) =>
        string.Concat(user.Cookies.All.Where(cookie => cookie.Name.Contains(AuthApp.SessionCookie, StringComparison.Ordinal)).Select(cookie => cookie.Value));
}
