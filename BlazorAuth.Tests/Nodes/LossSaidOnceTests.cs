namespace BlazorAuth.Tests.Nodes;

/// <summary>A loss that a node finds piece by piece, because its store goes back in the middle of a round.</summary>
public sealed class LossSaidOnceTests
{
    private const int WentBack = 446;
    private const int LostData = 407;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // The look was before it and the reading after it: first rows are missing, and the next look tells why.
    [Theory]
    [InlineData(true, new[] { WentBack })]
    [InlineData(false, new[] { LostData })]
    public async Task WhatTheNextRoundExplainsIsSaidOnce(bool isExplained, int[] said)
    {
        RevertingStore store = null!;
        await using var app = await AuthApp.StartAsync(setup => setup.Services = services =>
        {
            var inner = new MemorySessionStore(setup.Clock);
            services.AddSingleton<ISessionStore>(store = new RevertingStore(inner)).AddSingleton(inner.Accounts);
        });
        var watch = app.Services.GetRequiredService<StoreWatch>();
        await app.BeginSessionAsync();
        await watch.RoundAsync(all: false, Token);

        store.ReadsEarlierState = true;
        await watch.RoundAsync(all: false, Token);
        store.ReadsEarlierState = false;
        store.ShowsEarlierMark = isExplained;
        await watch.RoundAsync(all: false, Token);
        store.ShowsEarlierMark = false;
        await watch.RoundAsync(all: false, Token);
        await watch.RoundAsync(all: false, Token);

        Assert.Equal(said, app.Logs.Own.Select(line => line.Event.Id).Where(id => id is WentBack or LostData));
    }

    private sealed class RevertingStore(MemorySessionStore inner) : ForwardingStore(inner), IWatchedStore
    {
        public bool ReadsEarlierState { get; set; }

        public bool ShowsEarlierMark { get; set; }

        public Action<string> OnMarkReceived { get; set; } = _ => { };

        public async Task<StoreLook> LookAsync(NodeMark mark, CancellationToken cancellationToken = default)
        {
            var look = await inner.LookAsync(mark, cancellationToken);
            return ShowsEarlierMark ? look with { Own = look.Own!.Value with { Sequence = look.Own.Value.Sequence - 1 } } : look;
        }

        public Task<bool> NoteLossAsync(string expected, string losses, long number, CancellationToken cancellationToken = default) =>
            inner.NoteLossAsync(expected, losses, number, cancellationToken);

        public override async Task<SessionChangeSet> ReadChangesAsync(long cursor, DateTimeOffset since, CancellationToken cancellationToken = default)
        {
            var changes = await base.ReadChangesAsync(cursor, since, cancellationToken);
            return ReadsEarlierState ? changes with { Number = 0 } : changes;
        }
    }
}
