using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using System.Security.Claims;

namespace BlazorAuth.Tests.Circuits;

/// <summary>The circuits of an <see cref="AuthApp"/>, without the browsers at their other ends, and a count of row reads.</summary>
internal sealed class CircuitNode : IAsyncDisposable
{
    private readonly AuthApp _app;

    private CircuitNode(AuthApp app, CountingStore store) => (_app, Store) = (app, store);

    public FakeTimeProvider Clock => _app.Clock;

    public CountingStore Store { get; }

    public KnownChanges Changes => _app.Services.GetRequiredService<KnownChanges>();

    public SessionManager Sessions => _app.Sessions;

    public StoreState State => _app.Services.GetRequiredService<StoreState>();

    public IAccountStore Users => _app.Services.GetRequiredService<IAccountStore>();

    public AccountManager Accounts => _app.Services.GetRequiredService<AccountManager>();

    public CircuitSessions Circuits => _app.Services.GetRequiredService<CircuitSessions>();

    public static async Task<CircuitNode> StartAsync(Action<AuthSessionOptions>? configure = null)
    {
        CountingStore store = null!;
        var app = await AuthApp.StartAsync(setup =>
        {
            setup.Clock = new TestClock(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
            var inner = new MemorySessionStore(setup.Clock);
            store = new CountingStore(inner);
            setup.Services = services => services.AddSingleton<ISessionStore>(store).AddSingleton<IProtectionKeyStore>(inner);
            setup.Options = options => configure?.Invoke(options.Session);
        });
        return new CircuitNode(app, store);
    }

    public Task<SessionTicket> SignInAsync(string id, string user = "ada") => _app.BeginSessionAsync(
        user, id, new JsonObject { [AuthClaims.Name] = "Ada", [AuthClaims.Roles] = new JsonArray("reader") });

    /// <summary>Opens a circuit with what its request's cookie said; null for nobody.</summary>
    public async Task<TestCircuit> OpenAsync(SessionTicket? ticket)
    {
        var circuit = new TestCircuit(new SessionStateProvider(Circuits));
        circuit.State.SetAuthenticationState(TestTicket.State(ticket, Clock.GetUtcNow()));
        await circuit.State.OpenAsync();
        return circuit;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>A circuit's state, and what it has been told, in order.</summary>
internal sealed class TestCircuit
{
    private readonly Channel<ClaimsPrincipal> _told = Channel.CreateUnbounded<ClaimsPrincipal>();

    public TestCircuit(SessionStateProvider state)
    {
        State = state;
        state.AuthenticationStateChanged += async changed => _told.Writer.TryWrite((await changed).User);
    }

    public SessionStateProvider State { get; }

    public ClaimsPrincipal User => State.GetAuthenticationStateAsync().Result.User;

    public bool IsSignedIn => User.Identity!.IsAuthenticated;

    public bool HasNews => _told.Reader.TryPeek(out _);

    /// <summary>Forgets what was told so far: what the platform announced when the circuit began.</summary>
    public TestCircuit Settled()
    {
        while (_told.Reader.TryRead(out _))
        {
        }

        return this;
    }

    /// <summary>The next that the circuit is told.</summary>
    public async Task<ClaimsPrincipal> NewsAsync() => await _told.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask()
        .WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
}

/// <summary>Counts row reads; can be unreachable.</summary>
internal sealed class CountingStore(MemorySessionStore inner) : ForwardingStore(inner)
{
    private int _reads;
    private Exception? _defect;
    private Task _held = Task.CompletedTask;

    public int Reads => _reads;

    public bool IsDown { get; set; }

    /// <summary>Whether no row is found any more.</summary>
    public bool HasLost { get; set; }

    /// <summary>Lets reads wait until the result is set.</summary>
    public TaskCompletionSource Hold()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _held = held.Task;
        return held;
    }

    /// <summary>Thrown by the next read, and by that one only.</summary>
    public void FailOnce(Exception defect) => _defect = defect;

    public override async Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _reads);
        if (Interlocked.Exchange(ref _defect, null) is { } defect)
        {
            throw defect;
        }

        await _held;
        return IsDown ? throw Down() : HasLost ? null : await base.FindAsync(sessionId, cancellationToken);
    }

    public override Task<RevokeResult> RevokeAsync(
        string userId, string sessionId, SessionRevocation revocation, CancellationToken cancellationToken = default) =>
        IsDown ? throw Down() : base.RevokeAsync(userId, sessionId, revocation, cancellationToken);

    public override Task<IReadOnlyList<string>> RevokeAllAsync(
        string userId, string? exceptSessionId, int count, SessionRevocation revocation, CancellationToken cancellationToken = default) =>
        IsDown ? throw Down() : base.RevokeAllAsync(userId, exceptSessionId, count, revocation, cancellationToken);

    private static SessionStoreException Down() => new("The store is down.", new IOException());
}
