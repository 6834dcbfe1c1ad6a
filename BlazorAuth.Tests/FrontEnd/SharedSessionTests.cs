using System.Net;

namespace BlazorAuth.Tests.FrontEnd;

/// <summary>One session in our app and in one of the real <c>@auth/core</c>: same secret, same cookie, both over HTTP.</summary>
[Needs(Needs.Node)]
public sealed class SharedSessionTests
{
    private const string ChunkedCookie = "authjs.session-token";

    [Fact]
    public async Task ASessionBegunHereIsOneThereAndComesBackRenewedByAuthJs()
    {
        await using var app = await FrontEndApp.StartAsync();
        await using var authJs = await AuthJsServer.StartAsync(FrontEndApp.Secret);
        using var here = app.User();
        using var there = new HttpUser(new Uri(authJs.Origin), null);
        using var signedIn = await here.SignInAsync();

        Share(here, there);
        var read = await there.SessionAsync();
        Assert.Equal("Ada", (string?)read!["user"]!["name"]);
        Assert.NotEqual(Token(here), Token(there));

        // Auth.js wrote a token of its own, with our claims in it: still our session, and still revocable.
        Share(there, here);
        Assert.Equal("Ada", (string?)(await here.SessionAsync())!["user"]!["name"]);
        Assert.Equal(1, await app.Sessions.RevokeUserAsync("u-ada", TestContext.Current.CancellationToken));
        Assert.Null(await here.SessionAsync());
    }

    [Fact]
    public async Task ASessionBegunThereIsNoneHereUnlessTheAppSaysSo()
    {
        await using var app = await FrontEndApp.StartAsync();
        await using var authJs = await AuthJsServer.StartAsync(FrontEndApp.Secret);
        using var here = app.User();
        using var there = new HttpUser(new Uri(authJs.Origin), null);
        await SignInThereAsync(there);

        Share(there, here);

        Assert.Null(await here.SessionAsync());
    }

    [Fact]
    public async Task ASessionBegunThereIsAdoptedHereAndCanBeRevoked()
    {
        await using var app = await FrontEndApp.StartAsync(options: options => options.Session.AcceptAuthJsTokens = true);
        await using var authJs = await AuthJsServer.StartAsync(FrontEndApp.Secret);
        using var here = app.User();
        using var there = new HttpUser(new Uri(authJs.Origin), null);
        await SignInThereAsync(there);

        Share(there, here);
        Assert.Equal("kim", (string?)(await here.SessionAsync())!["user"]!["name"]);
        Share(here, there);
        Assert.Equal("kim", (string?)(await there.SessionAsync())!["user"]!["name"]);
        Share(there, here);
        Assert.Equal("kim@example.com", (string?)(await here.SessionAsync())!["user"]!["email"]);

        var session = Assert.Single(await app.Sessions.ListAsync("u-kim", TestContext.Current.CancellationToken));
        Assert.Equal(RevokeResult.Revoked, await app.Sessions.RevokeAsync("u-kim", session.Id, TestContext.Current.CancellationToken));
        Assert.Null(await here.SessionAsync());
    }

    [Fact]
    public async Task RequestsThatBringAForeignTokenAtOnceAdoptItOnce()
    {
        await using var app = await FrontEndApp.StartAsync(options: options => options.Session.AcceptAuthJsTokens = true);
        await using var authJs = await AuthJsServer.StartAsync(FrontEndApp.Secret);
        using var there = new HttpUser(new Uri(authJs.Origin), null);
        await SignInThereAsync(there);

        var tabs = Enumerable.Range(0, 8).Select(_ => app.User()).ToList();
        tabs.ForEach(tab => Share(there, tab));
        var sessions = await Task.WhenAll(tabs.Select(tab => tab.SessionAsync()));

        Assert.All(sessions, session => Assert.Equal("kim", (string?)session!["user"]!["name"]));
        Assert.Single(await app.Sessions.ListAsync("u-kim", TestContext.Current.CancellationToken));
        tabs.ForEach(tab => tab.Dispose());
    }

    [Fact]
    public async Task SigningOutHereSignsOutThereButAuthJsGoesOnReadingACopy()
    {
        await using var app = await FrontEndApp.StartAsync();
        await using var authJs = await AuthJsServer.StartAsync(FrontEndApp.Secret);
        using var here = app.User();
        using var there = new HttpUser(new Uri(authJs.Origin), null);
        using var copy = new HttpUser(new Uri(authJs.Origin), null);
        using var signedIn = await here.SignInAsync();
        Share(here, copy);

        using var signedOut = await here.PostAsync("/api/auth/signout", []);
        Share(here, there);

        Assert.Equal(HttpStatusCode.Found, signedOut.StatusCode);
        Assert.Null(await there.SessionAsync());
        Assert.Equal("Ada", (string?)(await copy.SessionAsync())!["user"]!["name"]);
        Share(copy, here);
        Assert.Null(await here.SessionAsync());
    }

    [Fact]
    public async Task SigningOutThereTakesTheCookieButTheSessionHereLivesUntilItIsRevoked()
    {
        await using var app = await FrontEndApp.StartAsync();
        await using var authJs = await AuthJsServer.StartAsync(FrontEndApp.Secret);
        using var here = app.User();
        using var there = new HttpUser(new Uri(authJs.Origin), null);
        using var copy = app.User();
        using var signedIn = await here.SignInAsync();
        Share(here, there);
        Share(here, copy);

        using var signedOut = await there.PostAsync("/api/auth/signout", []);
        Share(there, here);

        Assert.Null(await here.SessionAsync());
        Assert.NotNull(await copy.SessionAsync());
        Assert.Equal(1, await app.Sessions.RevokeUserAsync("u-ada", TestContext.Current.CancellationToken));
        Assert.Null(await copy.SessionAsync());
    }

    [Fact]
    public async Task TheCsrfTokenOfOneIsTakenByTheOther()
    {
        await using var app = await FrontEndApp.StartAsync();
        await using var authJs = await AuthJsServer.StartAsync(FrontEndApp.Secret);
        using var here = app.User();
        using var there = new HttpUser(new Uri(authJs.Origin), null);
        var token = await there.CsrfAsync();

        Share(there, here);

        Assert.Equal(token, await here.CsrfAsync());
    }

    private static async Task SignInThereAsync(HttpUser there)
    {
        using var response = await there.PostAsync("/api/auth/callback/credentials", new() { ["user"] = "kim", ["password"] = "x" });
        Assert.NotEmpty(Token(there));
    }

    /// <summary>What a browser does by itself where both apps are behind one host: it has one jar.</summary>
    private static void Share(HttpUser from, HttpUser to)
    {
        foreach (Cookie cookie in to.Cookies.GetAllCookies())
        {
            cookie.Expired = true;
        }

        foreach (Cookie cookie in from.Cookies.GetAllCookies())
        {
            to.Cookies.Add(new Cookie(cookie.Name, cookie.Value, "/", "localhost"));
        }
    }

    private static string Token(HttpUser user) =>
        string.Concat(user.Cookies.GetAllCookies().Where(cookie => cookie.Name.StartsWith(ChunkedCookie, StringComparison.Ordinal)).Select(cookie => cookie.Value));
}
