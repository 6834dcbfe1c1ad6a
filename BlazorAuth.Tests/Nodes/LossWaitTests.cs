namespace BlazorAuth.Tests.Nodes;

/// <summary>A node that finds a loss, and does not have all revocations among it, gives the others time to say what they know.</summary>
public sealed class LossWaitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheOthersGetTheirTimeHoweverQuicklyRoundsFollowEachOther()
    {
        OlderStore store = null!;
        await using var app = await StartAsync(made => store = made);
        store.Look = look => look with { Own = null };
        await RoundAsync(app);
        store.Look = look => look;

        for (var i = 0; i < 5; i++)
        {
            await RoundAsync(app);
            Assert.Equal("", store.Losses);
        }

        app.Clock.Advance(Interval(app));
        await RoundAsync(app);
        Assert.Contains(" u ", store.Losses, StringComparison.Ordinal);
    }

    // The mark that this node wrote after the store went back says nothing about what was lost before.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ARoundThatWasCutOffMakesNoNodeVouchForWhatItDoesNotKnow(bool isLookCutOff)
    {
        OlderStore store = null!;
        await using var app = await StartAsync(made => store = made);
        store.Look = look => look with { Own = null, Number = look.Number - 1 };
        (store.CutsLookOff, store.CutsReadOff) = (isLookCutOff, !isLookCutOff);
        await Assert.ThrowsAsync<SessionStoreException>(() => RoundAsync(app));
        (store.CutsLookOff, store.CutsReadOff) = (false, false);
        store.Look = look => look with { Number = look.Number - 1 };

        await RoundAsync(app);
        store.Look = look => look;
        Assert.Equal("", store.Losses);
        app.Clock.Advance(Interval(app));
        await RoundAsync(app);

        Assert.Contains(" u ", store.Losses, StringComparison.Ordinal);
        Assert.DoesNotContain(" v ", store.Losses, StringComparison.Ordinal);
    }

    private static async Task<AuthApp> StartAsync(Action<OlderStore> made)
    {
        var app = await AuthApp.StartAsync(setup => setup.Services = services =>
        {
            var inner = new MemorySessionStore(setup.Clock);
            var store = new OlderStore(inner);
            made(store);
            services.AddSingleton<ISessionStore>(store).AddSingleton(inner.Accounts);
        });
        await app.BeginSessionAsync("ada", "s1");
        await app.BeginSessionAsync("ada", "s2");
        await RoundAsync(app);
        return app;
    }

    private static Task RoundAsync(AuthApp app) => app.Services.GetRequiredService<StoreWatch>().RoundAsync(all: false, Token);

    private static TimeSpan Interval(AuthApp app) =>
        app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<AuthOptions>>().Value.Session.ReconcileInterval;

    /// <summary>A store that can seem to have gone back.</summary>
    private sealed class OlderStore(MemorySessionStore inner) : ForwardingStore(inner), IWatchedStore
    {
        public Func<StoreLook, StoreLook> Look { get; set; } = look => look;

        public bool CutsLookOff { get; set; }

        public bool CutsReadOff { get; set; }

        public string Losses { get; private set; } = "";

        public Action<string> OnMarkReceived { get; set; } = _ => { };

        public async Task<StoreLook> LookAsync(NodeMark mark, CancellationToken cancellationToken = default)
        {
            var look = await inner.LookAsync(mark, cancellationToken);
            return CutsLookOff ? throw new SessionStoreException("cut off") : Look(look);
        }

        public async Task<bool> NoteLossAsync(string expected, string losses, long number, CancellationToken cancellationToken = default)
        {
            var isNoted = await inner.NoteLossAsync(expected, losses, number, cancellationToken);
            Losses = isNoted ? losses : Losses;
            return isNoted;
        }

        public override Task<SessionChangeSet> ReadChangesAsync(long cursor, DateTimeOffset since, CancellationToken cancellationToken = default) =>
            CutsReadOff ? throw new SessionStoreException("cut off") : base.ReadChangesAsync(cursor, since, cancellationToken);
    }
}
