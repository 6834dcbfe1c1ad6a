using System.Text.Json.Nodes;
using BlazorAuth.Tests.Stores;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Sessions;

/// <summary>Sign-outs of which the store could not be told, of sessions that an Auth.js began, and by a page that signs its person out and in again.</summary>
public sealed class UntoldAdoptionTests
{
    private const string Cookie = AuthApp.SessionCookie;

    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private OwnStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // The store responds again, and the round that tells it is still to come: a copy of another token of that Auth.js gets a session of its own, for good.
    [Theory]
    [InlineData("Chrome on Windows")]
    [InlineData("Firefox on Linux")]
    public async Task ACopyOfAnotherTokenOfTheAuthJsGetsNoSessionOfItsOwn(string thief)
    {
        await using var app = await StartAsync();
        var copied = AuthJsToken(app, "kim");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var used = AuthJsToken(app, "kim");
        Assert.Contains("Kim", await AskAsync(app, used, "Chrome on Windows"), StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await SignOutAsync(app, used, "Chrome on Windows");

        var meanwhile = await AskAsync(app, copied, thief);
        await FlushAsync(app);

        Assert.Equal(("null", "null"), (meanwhile, await AskAsync(app, copied, thief)));
        Assert.Empty(await app.Sessions.ListAsync("kim", Token));
    }

    // The page signs out and in again; the copy's owner had signed out before that.
    [Fact]
    public async Task ACopyIsNotSignedOutAndInAgain()
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

    // The app's own table decides on IDs: Auth.js's 7 is user "u-7" here, and user "7" is somebody else.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnEarlierTokenIsDeadTooWhereTheAppGivesIds(bool isDown)
    {
        await using var app = await StartAsync(isMapped: true);
        var earlier = AuthJsToken(app, "7");
        Assert.Contains("Kim", await AskAsync(app, earlier, "Chrome on Windows"), StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var newest = AuthJsToken(app, "7");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await SignOutAsync(app, newest, "Chrome on Windows", isDown);
        await FlushAsync(app);

        Assert.Equal("null", await AskAsync(app, earlier, "Chrome on Windows"));
        Assert.Empty(await app.Sessions.ListAsync("u-7", Token));
    }

    [Fact]
    public async Task NorDoesItSignOutSomebodyElse()
    {
        await using var app = await StartAsync(isMapped: true);
        var victim = AuthJsToken(app, "old-3");
        Assert.Contains("Kim", await AskAsync(app, victim, "Chrome on Windows"), StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await SignOutAsync(app, AuthJsToken(app, "7"), "Chrome on Windows");
        await FlushAsync(app);

        Assert.Single(await app.Sessions.ListAsync("7", Token));
        Assert.Contains("Kim", await AskAsync(app, victim, "Chrome on Windows"), StringComparison.Ordinal);
    }

    private Task<AuthApp> StartAsync(bool isMapped = false) => AuthApp.StartAsync(setup =>
    {
        setup.Services = services => services.AddSingleton<ISessionStore>(_store = new OwnStore(setup.Clock));
        setup.Options = options =>
        {
            (options.Session.ReconcileInterval, options.Session.AcceptAuthJsTokens) = (TimeSpan.FromDays(1), true);
            if (isMapped)
            {
                options.Callbacks.OnAccount = context => ValueTask.FromResult(AccountDecision.User(context.Subject == "old-3" ? "7" : "u-" + context.Subject));
            }
        };
        setup.Map = app => app.MapPost("/again", async (HttpContext http) =>
        {
            var user = http.User;
            _reached.SetResult();
            await _held.Task;
            await http.SignOutAsync();
            await http.SignInAsync(user);
        }).RequireAuthorization();
    });

    private async Task SignOutAsync(AuthApp app, string token, string device, bool isDown = true)
    {
        using var browser = app.CreateBrowser();
        browser.UserAgent = device;
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

    private static string AuthJsToken(AuthApp app, string sub)
    {
        var now = app.Clock.GetUtcNow();
        return new SessionToken(new SessionKeyRing([AuthApp.Secret])).Write(new JsonObject { ["sub"] = sub, ["name"] = "Kim" }, Cookie, now, now.AddDays(30));
    }

    private static async Task<string> AskAsync(AuthApp app, string token, string device)
    {
        using var client = app.CreateBrowser();
        client.UserAgent = device;
        client.Cookies[Cookie] = token;
        return await client.SessionAsync();
    }
}
