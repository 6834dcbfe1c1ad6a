using BlazorAuth.Sync;

namespace BlazorAuth.Tests.Accounts;

/// <summary>Nothing of what a deleted user's sessions granted comes back into their rows.</summary>
public sealed class AccountErasureTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ARowThatIsBeingWrittenAgainWhileItsUserIsDeletedStaysErased()
    {
        HookedStore store = null!;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            var inner = new MemorySessionStore(setup.Clock);
            setup.Services = services => services.AddSingleton<ISessionStore>(store = new HookedStore(inner)).AddSingleton(inner.Accounts);
        });
        await app.BeginSessionAsync("ada", "s1");
        var deleted = 0;
        store.BeforeRewrite = async () =>
        {
            deleted++;
            await app.Services.GetRequiredService<AccountManager>().DeleteAsync("ada", Token);
        };

        var row = (await app.Sessions.FindAsync("s1", Token))!;
        Assert.False(await app.Services.GetRequiredService<SealedRows>().RewriteAsync(row.Record, row.Content!, Token));

        Assert.Equal(1, deleted);
        Assert.Equal("", (await app.Store.FindAsync("s1", Token))!.Content);
    }

    // Whether the user was deleted meanwhile is then unknown.
    [Fact]
    public async Task ASignInAboutWhichTheLastQuestionWasNotAnsweredLeavesNothing()
    {
        HookedStore store = null!;
        FaultyAccounts accounts = null!;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            var inner = new MemorySessionStore(setup.Clock);
            (store, accounts) = (new HookedStore(inner), new FaultyAccounts(inner.Accounts));
            setup.Services = services => services.AddSingleton<ISessionStore>(store).AddSingleton<IAccountStore>(accounts);
        });
        store.AfterCreate = () => accounts.IsDown = true;
        using var browser = app.CreateBrowser();

        await browser.SignInAsync("google");

        Assert.Equal("null", await browser.SessionAsync());
        var row = Assert.Single((await app.Store.ScanAsync(null, 10, Token)).Sessions, row => !EndOfAll.IsName(row.UserId));
        Assert.Equal((RevocationReason.Revoked, "", null), (row.RevokedFor, row.Content, row.Device));
    }

    /// <summary>A store in which something happens just before a row is sealed again, or just after it was begun.</summary>
    private sealed class HookedStore(ISessionStore inner) : ForwardingStore(inner)
    {
        public Func<Task>? BeforeRewrite { get; set; }

        public Action AfterCreate { get; set; } = () => { };

        public override async Task<SessionRecord> CreateAsync(SessionRecord session, CancellationToken cancellationToken = default)
        {
            var created = await base.CreateAsync(session, cancellationToken);
            AfterCreate();
            return created;
        }

        public override async Task<bool> RewriteAsync(string sessionId, int version, string content, CancellationToken cancellationToken = default)
        {
            var before = BeforeRewrite;
            BeforeRewrite = null;
            await (before?.Invoke() ?? Task.CompletedTask);
            return await base.RewriteAsync(sessionId, version, content, cancellationToken);
        }
    }
}
