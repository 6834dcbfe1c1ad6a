using System.Text.Json.Nodes;
using BlazorAuth.Tests.Accounts;
using BlazorAuth.Tests.Endpoints;
using BlazorAuth.Tests.Stores;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Sessions;

/// <summary>Sign-outs of which the store could not be told: whatever else asks hears the same as requests.</summary>
public sealed class UntoldSignOutTests
{
    private const string Cookie = AuthApp.SessionCookie;
    private const string NewSecret = "the-first-secret-of-the-tests-that-is-long-enough";

    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private OwnStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // The store reads and doesn't write: its disk is full.
    [Fact]
    public async Task AHubIsToldThatTheSessionIsOver()
    {
        await using var app = await StartAsync();
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        var session = (await app.Sessions.FindTicketAsync(await ada.DeviceAsync(), Token))!.Session;
        using var copy = app.CreateBrowser();
        ada.Cookies.CopyTo(copy.Cookies);
        _store.OnCall = name => _ = name == nameof(ISessionStore.RevokeAsync) ? throw new SessionStoreException("read only") : 0;

        await ada.PostAsync("/api/auth/signout");

        Assert.Equal("null", await copy.SessionAsync());
        Assert.DoesNotContain(await app.Sessions.ListAsync(session, Token), mine => mine.IsCurrent);
    }

    // Only the row can vouch for a token under an old secret.
    [Fact]
    public async Task AlsoOfATokenUnderAnOldSecret()
    {
        await using var app = await StartAsync(isRotating: true);
        var session = (await app.BeginSessionAsync("ada", "s1")).Session;
        var now = app.Clock.GetUtcNow();
        var token = TestTicket.Cookie(TestTicket.Of("ada", now, "s1").With(now, now.AddDays(30)).From(new StoreMark("ours", 1)));
        await SignOutAsync(app, token);

        using var copy = app.CreateBrowser();
        copy.Cookies[Cookie] = token;
        Assert.Equal("null", await copy.SessionAsync());
        Assert.DoesNotContain(await app.Sessions.ListAsync(session, Token), mine => mine.IsCurrent);
    }

    // A thief with a copy holds a request open to a page that signs its person in again.
    [Fact]
    public async Task ACopyIsNotSignedInAgain()
    {
        await using var app = await StartAsync();
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        var user = await ada.UserIdAsync();
        using var thief = app.CreateBrowser();
        ada.Cookies.CopyTo(thief.Cookies);
        var slow = thief.PostAsync("/again");
        await _reached.Task.WaitAsync(Token);
        await WhileDownAsync(() => ada.PostAsync("/api/auth/signout"));

        _held.SetResult();
        await slow;

        await FlushAsync(app);
        Assert.Equal("null", await thief.SessionAsync());
        Assert.Empty(await app.Sessions.ListAsync(user, Token));
    }

    [Fact]
    public async Task AnAnswerOfAProviderConnectsNothingForIt()
    {
        await using var linking = await Linking.StartAsync(more: setup => setup.Services = services => services.AddSingleton<ISessionStore>(_store = new OwnStore(setup.Clock)));
        using var browser = linking.App.CreateBrowser();
        await linking.SignInAsync(browser, "acme");
        var away = await Linking.StartConnectAsync(browser);
        await WhileDownAsync(() => browser.PostAsync("/api/auth/signout"));

        var page = await browser.ArriveAsync(linking.Fake.Answer(away));

        Assert.Equal(("/api/auth/error", "OtherPerson"), (page.Address.AbsolutePath, page.Query("reason")));
        Assert.Null(await linking.Store.FindAsync(FakeProvider.Issuer, "42", Token));
    }

    // docs/share-with-nextjs.md: a copy is dead here at once, and earlier tokens stop working. Auth.js writes another token with each look at the session.
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task AnEarlierTokenOfAnAuthJsIsDeadToo(bool isDown, bool wasUsedHere)
    {
        await using var app = await StartAsync();
        var earlier = AuthJsToken(app);
        if (wasUsedHere)
        {
            Assert.Contains("Kim", await AskAsync(app, earlier), StringComparison.Ordinal);
        }

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var newest = AuthJsToken(app);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await SignOutAsync(app, newest, isDown);
        await FlushAsync(app);

        Assert.Equal("null", await AskAsync(app, newest));
        Assert.Equal("null", await AskAsync(app, earlier));
        Assert.Empty(await app.Sessions.ListAsync("kim", Token));
    }

    [Fact]
    public async Task AndWhoSignsInThereAgainIsIn()
    {
        await using var app = await StartAsync();
        await SignOutAsync(app, AuthJsToken(app));
        await FlushAsync(app);
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Contains("Kim", await AskAsync(app, AuthJsToken(app)), StringComparison.Ordinal);
    }

    // What a node knows is written back when the store may have forgotten something.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AForgedTokenOfAnAuthJsLeavesNothingInTheStore(bool isFlushedFirst)
    {
        await using var app = await StartAsync(isRotating: true);
        await SignOutAsync(app, AuthJsToken(app));
        if (isFlushedFirst)
        {
            await FlushAsync(app);
        }

        await app.Services.GetRequiredService<StoreWatch>().RoundAsync(all: true, Token);
        await FlushAsync(app);

        Assert.Empty(await app.Store.ListHistoryAsync("kim", 10, null, Token));
        Assert.Empty(await app.Store.ListHistoryAsync("unknown", 10, null, Token));
        Assert.Equal(0, app.Services.GetRequiredService<KnownChanges>().Count);
    }

    [Fact]
    public async Task AnHonestOneIsWrittenDownForItsUser()
    {
        await using var app = await StartAsync();
        await SignOutAsync(app, AuthJsToken(app));

        await app.Services.GetRequiredService<StoreWatch>().RoundAsync(all: true, Token);
        await FlushAsync(app);

        Assert.Single(await app.Store.ListHistoryAsync("kim", 10, null, Token));
        Assert.Empty(await app.Store.ListHistoryAsync("unknown", 10, null, Token));
    }

    private Task<AuthApp> StartAsync(bool isRotating = false) => AuthApp.StartAsync(setup =>
    {
        setup.Settings["AUTH_SECRET_1"] = isRotating ? NewSecret : null;
        setup.Services = services => services.AddSingleton<ISessionStore>(_store = new OwnStore(setup.Clock));
        setup.Options = options => (options.Session.ReconcileInterval, options.Session.AcceptAuthJsTokens) = (TimeSpan.FromDays(1), true);
        setup.Map = app => app.MapPost("/again", async (HttpContext http) =>
        {
            _reached.SetResult();
            await _held.Task;
            await http.SignInAsync(http.User);
        }).RequireAuthorization();
    });

    private async Task SignOutAsync(AuthApp app, string token, bool isDown = true)
    {
        using var browser = app.CreateBrowser();
        await browser.CsrfTokenAsync();
        browser.Cookies[Cookie] = token;
        var answer = await (isDown ? WhileDownAsync(() => browser.PostAsync("/api/auth/signout")) : browser.PostAsync("/api/auth/signout"));
        Assert.Equal(System.Net.HttpStatusCode.Found, answer.Status);
    }

    private async Task<T> WhileDownAsync<T>(Func<Task<T>> act)
    {
        _store.OnCall = _ => throw new SessionStoreException("down");
        var result = await act();
        _store.OnCall = _ => { };
        return result;
    }

    private static Task FlushAsync(AuthApp app) => app.Services.GetRequiredService<StoreOutbox>().FlushRevocationsAsync(Token);

    private static string AuthJsToken(AuthApp app)
    {
        var now = app.Clock.GetUtcNow();
        return new SessionToken(new SessionKeyRing([AuthApp.Secret])).Write(new JsonObject { ["sub"] = "kim", ["name"] = "Kim" }, Cookie, now, now.AddDays(30));
    }

    private static async Task<string> AskAsync(AuthApp app, string token)
    {
        using var client = app.CreateBrowser();
        client.Cookies[Cookie] = token;
        return await client.SessionAsync();
    }
}
