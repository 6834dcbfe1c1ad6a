using BlazorAuth.Tests.Accounts;

namespace BlazorAuth.Tests.Sessions;

/// <summary>What a store refuses, it would refuse forever: it is left out, and keeps nothing else from being written.</summary>
public sealed class RefusedEntryTests
{
    private const string NewSecret = "the-first-secret-of-the-tests-that-is-long-enough";
    private const int EntryRefused = 113;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ARevocationThatTheStoreRefusesKeepsNoOtherFromBeingWrittenBack()
    {
        RefusingStore store = null!;
        await using var app = await AuthApp.StartAsync(setup => setup.Services = services => services.AddSingleton<ISessionStore>(store = new RefusingStore(new MemorySessionStore(setup.Clock))));
        var (changes, now) = (app.Services.GetRequiredService<KnownChanges>(), app.Clock.GetUtcNow());
        foreach (var id in (string[])["s1", "s2", "s3"])
        {
            changes.Apply(new SessionChange(id, Revoked: true, Version: 1, now.AddDays(1), now));
        }

        store.Refused = "s2";

        Assert.True(await app.Services.GetRequiredService<RevocationRecovery>().WriteBackAsync([], Token));
        Assert.Single(app.Logs.All, line => line.Event.Id == EntryRefused);
        store.Refused = null;
        Assert.NotNull((await store.FindAsync("s1", Token))!.RevokedAt);
        Assert.NotNull((await store.FindAsync("s3", Token))!.RevokedAt);
        Assert.Null(await store.FindAsync("s2", Token));
    }

    [Fact]
    public async Task ARowThatTheStoreRefusesKeepsNoOtherFromBeingSealedAgain()
    {
        var clock = new TestClock();
        var store = new RefusingStore(new MemorySessionStore(clock));
        await using (var before = await StartAsync())
        {
            await before.BeginSessionAsync("ada", "s1");
            await before.BeginSessionAsync("ada", "s2");
            await before.BeginSessionAsync("ada", "s3");
        }

        await using var app = await StartAsync(NewSecret);
        store.Refused = "s2";

        Assert.Equal((2, 1), await app.Services.GetRequiredService<SessionResealing>().RunAsync(_ => Task.CompletedTask, Token));
        Assert.Single(app.Logs.All, line => line.Event.Id == EntryRefused);
        store.Refused = null;
        Assert.NotNull((await store.FindAsync("s3", Token))!.Content(NewSecret));

        Task<AuthApp> StartAsync(string? first = null) => AuthApp.StartAsync(setup =>
        {
            setup.Clock = clock;
            setup.Settings["AUTH_SECRET_1"] = first;
            setup.Settings["AUTH_ACCOUNTS"] = "memory";
            setup.Services = services => services.AddSingleton<ISessionStore>(store);
        });
    }

    [Fact]
    public async Task AUseOfAnAccountThatTheStoreRefusesKeepsNoOtherFromBeingWritten()
    {
        RefusingAccounts accounts = null!;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            var sessions = new MemorySessionStore(setup.Clock);
            accounts = new RefusingAccounts(sessions.Accounts);
            setup.Services = services => services.AddSingleton<ISessionStore>(sessions).AddSingleton<IAccountStore>(accounts);
        });
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        var outbox = app.Services.GetRequiredService<AccountOutbox>();
        await outbox.FlushAsync(Token);
        var (user, later) = (await ada.UserIdAsync(), app.Clock.GetUtcNow().AddMinutes(5));
        outbox.Add(new AccountUse("nobody", later));
        outbox.Add(new AccountUse(user, later));
        accounts.Refused = "nobody";

        await outbox.FlushAsync(Token);

        Assert.Single(app.Logs.All, line => line.Event.Id == 713);
        Assert.Equal(SessionLimits.ToMilliseconds(later), (await accounts.FindUserAsync(user, Token))!.LastSeenAt);
        accounts.Refused = null;
        var calls = accounts.Touches;
        await outbox.FlushAsync(Token);
        Assert.Equal(calls + 1, accounts.Touches);
    }

    private sealed class RefusingStore(ISessionStore inner) : ForwardingStore(inner)
    {
        public string? Refused { get; set; }

        public override Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken = default) =>
            sessionId == Refused ? throw new ArgumentException("refused") : base.FindAsync(sessionId, cancellationToken);

        public override Task<bool> RewriteAsync(string sessionId, int version, string content, CancellationToken cancellationToken = default) =>
            sessionId == Refused ? throw new ArgumentException("refused") : base.RewriteAsync(sessionId, version, content, cancellationToken);
    }

    private sealed class RefusingAccounts(IAccountStore inner) : FaultyAccounts(inner)
    {
        public string? Refused { get; set; }

        public int Touches { get; private set; }

        public override Task TouchAsync(IReadOnlyCollection<AccountUse> uses, CancellationToken cancellationToken = default)
        {
            Touches++;
            return uses.Any(use => use.UserId == Refused) ? throw new ArgumentException("refused") : base.TouchAsync(uses, cancellationToken);
        }
    }
}
