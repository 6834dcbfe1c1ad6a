namespace BlazorAuth.Tests.Nodes;

/// <summary>A node hears its own marks as signals: how it finds out that signals do not reach it.</summary>
public sealed class SignalEchoTests
{
    private const int Missing = 440;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Two loops of a node look at the store at the same moment: after a start, and when a round and the cleaning meet.
    [Fact]
    public async Task AMarkThatAnotherRoundOvertookIsNoSilence()
    {
        EchoStore store = null!;
        await using var app = await StartAsync(made => store = made);
        var watch = app.Services.GetRequiredService<StoreWatch>();
        for (var i = 0; i < 2; i++)
        {
            await watch.RoundAsync(all: false, Token);
            var first = store.LastMark;
            var hearing = watch.HearAsync(Token);
            await watch.RoundAsync(all: false, Token);
            store.OnMarkReceived(first);
            store.OnMarkReceived(store.LastMark);
            await hearing.WaitAsync(TimeSpan.FromSeconds(30), Token);
        }

        Assert.False(app.Services.GetRequiredService<StoreState>().IsDeaf);
        Assert.DoesNotContain(app.Logs.Own, line => line.Event.Id == Missing);
    }

    [Fact]
    public async Task OneLateSignalIsNoReasonToLookAndTheSecondInARowIs()
    {
        EchoStore store = null!;
        await using var app = await StartAsync(made => store = made);
        var state = app.Services.GetRequiredService<StoreState>();
        foreach (var (comes, isDeaf) in ((bool, bool)[])[(false, false), (true, false), (false, false), (false, true), (true, false)])
        {
            await RoundAsync(app, store, comes);
            Assert.Equal(isDeaf, state.IsDeaf);
        }

        Assert.Single(app.Logs.Own, line => line.Event.Id == Missing);
    }

    private static async Task RoundAsync(AuthApp app, EchoStore store, bool comes)
    {
        var watch = app.Services.GetRequiredService<StoreWatch>();
        await watch.RoundAsync(all: false, Token);
        if (comes)
        {
            store.OnMarkReceived(store.LastMark);
        }

        var hearing = watch.HearAsync(Token);
        app.Clock.Advance(Longest);
        await hearing;
    }

    private static async Task<AuthApp> StartAsync(Action<EchoStore> made)
    {
        EchoStore store = null!;
        var app = await AuthApp.StartAsync(setup => setup.Services = services =>
        {
            var inner = new MemorySessionStore(setup.Clock);
            made(store = new EchoStore(inner));
            services.AddSingleton<ISessionStore>(store).AddSingleton(inner.Accounts);
        });
        await store.Listening.Task.WaitAsync(Token);
        return app;
    }

    /// <summary>A store whose signals come when the test says so.</summary>
    private sealed class EchoStore(MemorySessionStore inner) : ForwardingStore(inner), IWatchedStore, ISessionSignal
    {
        public TaskCompletionSource Listening { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string LastMark { get; private set; } = "";

        public Action<string> OnMarkReceived { get; set; } = _ => { };

        public Task<StoreLook> LookAsync(NodeMark mark, CancellationToken cancellationToken = default)
        {
            LastMark = mark.ToString();
            return inner.LookAsync(mark, cancellationToken);
        }

        public Task<bool> NoteLossAsync(string expected, string losses, long number, CancellationToken cancellationToken = default) =>
            inner.NoteLossAsync(expected, losses, number, cancellationToken);

        public async Task ListenAsync(Action<SessionChange> onChange, Func<Task> onListening, CancellationToken cancellationToken)
        {
            await onListening();
            Listening.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
    }
}
