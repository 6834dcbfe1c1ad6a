using System.Text.Json.Nodes;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Snippets;

namespace BlazorAuth.Tests.Accounts;

/// <content>The account callback and the tokens of an Auth.js that shares the session.</content>
public sealed partial class AccountCallbackTests
{
    [Fact]
    public async Task TheSessionOfAnAuthJsTokenHasTheIdThatTheCallbackGivesAtEveryRead()
    {
        await using var app = await StartForAuthJsAsync(context => AccountDecision.User("mine-" + context.Subject));
        using var browser = app.CreateBrowser();
        browser.Cookies[AuthApp.SessionCookie] = Minted(app);

        for (var read = 0; read < 3; read++)
        {
            Assert.Equal("mine-them", await browser.UserIdAsync());
        }

        Assert.Single(await app.Sessions.ListAsync("mine-them", Token));
    }

    [Fact]
    public async Task ATokenOfAnAuthJsIsNoSessionWhereTheCallbackSaysNo()
    {
        await using var app = await StartForAuthJsAsync(_ => AccountDecision.Deny(AuthErrorReason.Banned));
        using var browser = app.CreateBrowser();
        browser.Cookies[AuthApp.SessionCookie] = Minted(app);

        Assert.Equal("null", await browser.SessionAsync());
        Assert.Empty(await app.Sessions.ListAsync("them", Token));
    }

    [Fact]
    public async Task ABannedUserGetsNoSessionByATokenOfAnAuthJs()
    {
        await using var app = await StartForAuthJsAsync(null);
        var store = app.Services.GetRequiredService<IAccountStore>();
        var now = app.Clock.GetUtcNow();
        await store.CreateAsync(
            new UserRecord { Id = "them", CreatedAt = now, LastSeenAt = now, BannedUntil = now.AddDays(1) },
            new AccountRecord { Issuer = "x", Subject = "y", UserId = "them", Provider = "x", LinkedAt = now, LastUsedAt = now }, Token);
        using var browser = app.CreateBrowser();
        browser.Cookies[AuthApp.SessionCookie] = Minted(app);

        Assert.Equal("null", await browser.SessionAsync());

        await store.BanAsync("them", null, null, Token);
        browser.Cookies[AuthApp.SessionCookie] = Minted(app);
        Assert.NotEqual("null", await browser.SessionAsync());
    }

    // The row of the token's session is written, and whether its user may have it nobody can say, or nobody waits for any more.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ATokenOfAnAuthJsWhoseLastQuestionFailsLeavesNoSession(bool isGivenUp)
    {
        StrikingStore store = null!;
        FaultyAccounts accounts = null!;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            var sessions = new MemorySessionStore(setup.Clock);
            setup.Services = services => services.AddSingleton<ISessionStore>(store = new StrikingStore(sessions))
                .AddSingleton<IAccountStore>(accounts = new FaultyAccounts(sessions.Accounts));
            setup.Options = options => options.Session.AcceptAuthJsTokens = true;
        });
        var now = app.Clock.GetUtcNow();
        await accounts.CreateAsync(
            new UserRecord { Id = "them", CreatedAt = now, LastSeenAt = now },
            new AccountRecord { Issuer = "x", Subject = "y", UserId = "them", Provider = "x", LinkedAt = now, LastUsedAt = now }, Token);
        store.OnCreate = async () =>
        {
            await app.Services.GetRequiredService<AccountManager>().BanAsync("them", DateTimeOffset.MaxValue, cancellationToken: Token);
            accounts.Fault = isGivenUp ? new OperationCanceledException() : new SessionStoreException("The account store is switched off.");
        };
        using var browser = app.CreateBrowser();
        browser.Cookies[AuthApp.SessionCookie] = Minted(app);
        await browser.FetchAsync(HttpMethod.Get, "/api/auth/session");
        accounts.Fault = null;
        store.OnCreate = () => Task.CompletedTask;

        Assert.Equal("null", await browser.SessionAsync());

        Assert.Empty(await app.Sessions.ListAsync("them", Token));
    }

    private static Task<AuthApp> StartForAuthJsAsync(Func<AccountContext, AccountDecision>? decide) => AuthApp.StartAsync(setup => setup.Options = options =>
    {
        options.Session.AcceptAuthJsTokens = true;
        if (decide is not null)
        {
            options.Callbacks.OnAccount = context => ValueTask.FromResult(decide(context));
        }
    });

    private static string Minted(AuthApp app) => new SessionToken(new SessionKeyRing([AuthApp.Secret])).Write(
        new JsonObject { ["name"] = "Kim", ["sub"] = "them" }, AuthApp.SessionCookie, app.Clock.GetUtcNow(), app.Clock.GetUtcNow().AddHours(1));

    /// <summary>A session store in which something happens just before a session is written.</summary>
    private sealed class StrikingStore(ISessionStore inner) : ForwardingStore(inner)
    {
        public Func<Task> OnCreate { get; set; } = () => Task.CompletedTask;

        public override async Task<SessionRecord> CreateAsync(SessionRecord session, CancellationToken cancellationToken = default)
        {
            await (EndOfAll.IsName(session.UserId) ? Task.CompletedTask : OnCreate());
            return await base.CreateAsync(session, cancellationToken);
        }
    }
}
