using System.Net;

namespace BlazorAuth.Tests.FrontEnd;

/// <summary>One session in our app and in one of the real <c>@auth/core</c>: same secret, same cookie, both over HTTP.</summary>
[Needs(Needs.Node)]
public sealed class SharedSessionTests
{
    [Fact]
    public async Task ASessionBegunHereIsOneThereAndComesBackRenewedByAuthJs()
    {
        await using var app = await StartAsync();
        await using var authJs = await AuthJsServer.StartAsync(AuthApp.Secret);
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

    [Fact]
    public async Task ASessionBegunThereIsNoneHereUnlessTheAppSaysSo()
    {
        await using var app = await StartAsync();
        await using var authJs = await AuthJsServer.StartAsync(AuthApp.Secret);
        using var here = app.CreateClient();
        using var there = authJs.CreateClient();
        await SignInThereAsync(there);

        Share(there, here);

        Assert.Null(await here.NameAsync());
    }

    [Fact]
    public async Task ASessionBegunThereIsAdoptedHereAndCanBeRevoked()
    {
        await using var app = await StartAsync(accepts: true);
        await using var authJs = await AuthJsServer.StartAsync(AuthApp.Secret);
        using var here = app.CreateClient();
        using var there = authJs.CreateClient();
        await SignInThereAsync(there);

        Share(there, here);
        Assert.Equal("kim", await here.NameAsync());
        Share(here, there);
        Assert.Equal("kim", await there.NameAsync());
        Share(there, here);
        Assert.Contains("kim@example.com", await here.SessionAsync(), StringComparison.Ordinal);

        var session = Assert.Single(await app.Sessions.ListAsync("u-kim", TestContext.Current.CancellationToken));
        Assert.Equal(RevokeResult.Revoked, await app.Sessions.RevokeAsync("u-kim", session.Id, TestContext.Current.CancellationToken));
        Assert.Null(await here.NameAsync());
    }

    [Fact]
    public async Task RequestsThatBringAForeignTokenAtOnceAdoptItOnce()
    {
        await using var app = await StartAsync(accepts: true);
        await using var authJs = await AuthJsServer.StartAsync(AuthApp.Secret);
        using var there = authJs.CreateClient();
        await SignInThereAsync(there);

        var tabs = Enumerable.Range(0, 8).Select(_ => app.CreateClient()).ToList();
        tabs.ForEach(tab => Share(there, tab));
        var names = await Task.WhenAll(tabs.Select(tab => tab.NameAsync()));

        Assert.All(names, name => Assert.Equal("kim", name));
        Assert.Single(await app.Sessions.ListAsync("u-kim", TestContext.Current.CancellationToken));
        tabs.ForEach(tab => tab.Dispose());
    }

    [Fact]
    public async Task SigningOutHereSignsOutThereButAuthJsGoesOnReadingACopy()
    {
        await using var app = await StartAsync();
        await using var authJs = await AuthJsServer.StartAsync(AuthApp.Secret);
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

    [Fact]
    public async Task SigningOutThereTakesTheCookieButTheSessionHereLivesUntilItIsRevoked()
    {
        await using var app = await StartAsync();
        await using var authJs = await AuthJsServer.StartAsync(AuthApp.Secret);
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

    [Fact]
    public async Task TheCsrfTokenOfOneIsTakenByTheOther()
    {
        await using var app = await StartAsync();
        await using var authJs = await AuthJsServer.StartAsync(AuthApp.Secret);
        using var here = app.CreateClient();
        using var there = authJs.CreateClient();
        var token = await there.CsrfTokenAsync();

        Share(there, here);

        Assert.Equal(token, await here.CsrfTokenAsync());
    }

    // The real clock: Auth.js has no other.
    private static Task<AuthApp> StartAsync(bool accepts = false) => Passwords.StartAppAsync(null, setup =>
    {
        setup.Clock = TimeProvider.System;
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
        string.Concat(user.Cookies.All.Where(cookie => cookie.Name.StartsWith(AuthApp.SessionCookie, StringComparison.Ordinal)).Select(cookie => cookie.Value));
}
