using System.Security.Claims;
using BlazorAuth.Tests.Accounts;
using BlazorAuth.Tests.Endpoints;
using BlazorAuth.Tests.Stores;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Sessions;

/// <summary>Sign-outs of which the store could not be told: whatever else asks hears the same as requests.</summary>
public sealed partial class UntoldSignOutTests
{
    private const string Cookie = AuthApp.SessionCookie;
    private const string NewSecret = "the-first-secret-of-the-tests-that-is-long-enough";

    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private OwnStore _store = null!;
    private FaultyAccounts _accounts = null!;
    private bool _isDenied;
    private bool _isBroken;

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

    // A thief with a copy holds a request open to a page that signs its person in again, or out and in.
    [Theory]
    [InlineData("/again")]
    [InlineData("/out-and-in")]
    public async Task ACopyIsNotSignedInAgain(string page)
    {
        await using var app = await StartAsync();
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        var user = await ada.UserIdAsync();
        using var thief = app.CreateBrowser();
        ada.Cookies.CopyTo(thief.Cookies);
        var slow = thief.PostAsync(page);
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

    private Task<AuthApp> StartAsync(
        bool isRotating = false, bool isMapped = false, TimeSpan? interval = null, Func<AccountContext, TimeProvider, Task<AccountDecision>>? onAccount = null) => AuthApp.StartAsync(setup =>
    {
        setup.Settings["AUTH_SECRET_1"] = isRotating ? NewSecret : null;
        setup.Services = services =>
        {
            services.AddSingleton<ISessionStore>(_store = new OwnStore(setup.Clock));
            if (!isMapped && onAccount is null)
            {
                services.AddSingleton<IAccountStore>(_accounts = new FaultyAccounts(new MemorySessionStore(setup.Clock).Accounts));
            }
        };
        setup.Options = options =>
        {
            (options.Session.ReconcileInterval, options.Session.AcceptAuthJsTokens) = (interval ?? TimeSpan.FromDays(1), true);
            if (onAccount is not null)
            {
                options.Callbacks.OnAccount = async context => await onAccount(context, setup.Clock);
            }
            else if (isMapped)
            {
                options.Callbacks.OnAccount = context => ValueTask.FromResult(_isBroken
                    ? throw new TimeoutException("The app's own database does not respond.")
                    : _isDenied ? AccountDecision.Deny(AuthErrorReason.Banned)
                    : AccountDecision.User(context.Subject == "old-3" ? "7" : "u-" + context.Subject));
            }
        };
        setup.Map = app =>
        {
            app.MapPost("/again", async (HttpContext http) => await http.SignInAsync(await HeldAsync(http))).RequireAuthorization();
            app.MapPost("/out-and-in", async (HttpContext http) =>
            {
                var user = await HeldAsync(http);
                await http.SignOutAsync();
                await http.SignInAsync(user);
            }).RequireAuthorization();
        };
    });

    private async Task<ClaimsPrincipal> HeldAsync(HttpContext http)
    {
        var user = http.User;
        _reached.SetResult();
        await _held.Task;
        return user;
    }

    private async Task SignOutAsync(AuthApp app, string token, bool isDown = true)
    {
        using var browser = app.CreateBrowser();
        browser.UserAgent = Browser.Chrome;
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

    private static Task FlushAsync(AuthApp app) => app.Services.GetRequiredService<StoreOutbox>().FlushAllAsync(Token);
}
