using System.Security.Claims;
using BlazorAuth.Sessions;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Components.Authorization;

namespace BlazorAuth.Circuits;

/// <summary>
/// The app's <see cref="AuthenticationStateProvider"/>: the principal that the request or the circuit began with, until its session changes or
/// ends. It holds no timer and asks no store; <see cref="CircuitSessions"/> tells it.
/// </summary>
internal sealed class SessionStateProvider(CircuitSessions circuits) : AuthenticationStateProvider, IHostEnvironmentAuthenticationStateProvider
{
    private static readonly Task<AuthenticationState> Anonymous = Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity())));

    private Task<AuthenticationState>? _state;
    private TaskCompletionSource<AuthenticationState>? _waiting;
    private Task _connecting = Task.CompletedTask;
    private readonly Lock _turns = new();
    private bool _hasOpened;
    private bool _wasAsked;
    private int _turn;
    private bool _isCircuit;

    /// <summary>The session that this circuit shows; null in a static page, and when nobody is signed in. Set by <see cref="CircuitSessions"/>.</summary>
    public LiveSession? Live
    {
        get;
        set
        {
            field = value;
            OwnerId ??= value?.Ticket.UserId;
        }
    }

    /// <summary>How the circuit's session ended; null while it lives, or when there never was one.</summary>
    public SessionEnd? Ended { get; private set; }

    /// <summary>Whether the circuit is gone for good. Set by <see cref="CircuitSessions"/>.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Whether another session took the place of this circuit's, and the page has not moved to it yet.</summary>
    public bool IsReplaced => Live?.EndsAt is not null;

    /// <summary>Told when the page is to be loaded again.</summary>
    public event Action? Reloading;

    /// <summary>Which browser is connected to this circuit (<see cref="CircuitBrowser"/>); null in a static page.</summary>
    public string? Browser { get; private set; }

    /// <summary>How many components say on the page that its session ended: with one, nobody has to be sent away.</summary>
    public int Covers { get; set; }

    public override Task<AuthenticationState> GetAuthenticationStateAsync()
    {
        _wasAsked = true;
        return _state ?? throw new InvalidOperationException(
            "It is not known who is signed in: this scope belongs to neither a request nor a circuit. In background work, pass the user id along instead.");
    }

    /// <summary>Whose circuit this is, whatever became of their session; null while nobody has been signed in here.</summary>
    public string? OwnerId { get; private set; }

    /// <summary>Who is signed in according to the request or the circuit's connection; null for nobody, and while that is not known.</summary>
    public string? UserId => SessionIdentity.Of(_state?.OrNull()?.User)?.Ticket.UserId;

    /// <summary>Called by the platform for a request, at the start of a circuit, and whenever a circuit connects again.</summary>
    public void SetAuthenticationState(Task<AuthenticationState> authenticationStateTask)
    {
        ArgumentNullException.ThrowIfNull(authenticationStateTask);
        authenticationStateTask = TakeBrowser(authenticationStateTask);
        if (_isCircuit)
        {
            // Nothing is replaced if nothing changed, so a reconnect leaves the components as they are.
            _ = ConnectAsync(authenticationStateTask);
            return;
        }

        // The first is news to nobody: cascading parameters would keep it, and not ask when a component needs them, which a circuit has once it is open.
        var isFirst = _state is null;
        _state = authenticationStateTask;
        if (!isFirst)
        {
            NotifyAuthenticationStateChanged(authenticationStateTask);
        }
    }

    /// <summary>From now on this is a circuit, which outlives its request.</summary>
    public async Task OpenAsync()
    {
        _isCircuit = true;
        await ConnectAsync(_state!);
        _hasOpened = true;
    }

    public void Close() => circuits.Leave(this);

    /// <summary>There was activity in this circuit.</summary>
    public void Touch()
    {
        if (Live is { } live)
        {
            circuits.Touch(live);
        }
    }

    /// <summary>Takes over a session that the browser has by now. False when the page is another person's.</summary>
    public bool TryEnter(SessionTicket ticket) => circuits.TryEnter(this, ticket);

    /// <summary>
    /// Keeps whoever asks waiting until it is known what became of the session of the connection: a client of one's own renders and presses while that is looked up.
    /// A circuit that shows a session already, or that it has ended, goes on.
    /// </summary>
    public void Wait(SessionTicket ticket)
    {
        if (Live is null && Ended is null)
        {
            (OwnerId, _wasAsked) = (OwnerId ?? ticket.UserId, _wasAsked || _hasOpened);
            _waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            _state = _waiting.Task;

            // What the app does before a circuit opens may have asked already, and holds what the connection said.
            if (_wasAsked && !_hasOpened)
            {
                Tell();
            }
        }
    }

    /// <summary>Whether whoever asks is kept waiting.</summary>
    public bool IsWaiting => _waiting is not null;

    /// <summary>Switches to the session's newest claims; true when they are new here. Subscribers are notified in <see cref="Tell"/>.</summary>
    public bool Show(LiveSession live) => Show(live.Ticket, () => live.State);

    /// <summary>Shows what the circuit's own connection said, with what the app has added to it; true when that is new here.</summary>
    public bool Show(AuthenticationState state) => Show(SessionIdentity.Of(state.User)!.Ticket, () => Task.FromResult(state));

    /// <summary>Makes the circuit anonymous. Subscribers are notified in <see cref="Tell"/>.</summary>
    public void End(SessionEndReason reason, SessionTicket ticket)
    {
        OwnerId ??= ticket.UserId;
        Ended = new SessionEnd(reason, ticket.UserId, ticket.Provider);
        Set(Anonymous);
    }

    public void Reload() => Reloading?.Invoke();

    /// <summary>
    /// Notifies the subscribers. The first may render for a while; another thread tells of the next change meanwhile, and whatever came last has to be heard last.
    /// </summary>
    public void Tell()
    {
        Task<AuthenticationState> told;
        do
        {
            told = Volatile.Read(ref _state)!;
            NotifyAuthenticationStateChanged(told);
        }
        while (told != Volatile.Read(ref _state));
    }

    private bool Show(SessionTicket ticket, Func<Task<AuthenticationState>> state)
    {
        var shown = SessionIdentity.Of(_state!.OrNull()?.User)?.Ticket;
        Ended = null;
        if (shown is not null && shown.Id == ticket.Id && !ticket.IsNewerThan(shown))
        {
            return false;
        }

        var isNews = !IsWaiting || _wasAsked;
        Set(state());
        return isNews;
    }

    private void Set(Task<AuthenticationState> state)
    {
        _state = state;
        _waiting?.TrySetFromTask(state);
        (_waiting, _wasAsked) = (null, false);
    }

    /// <summary>Keeps which browser connected, and hands the rest on: one principal is shared by all circuits of a session.</summary>
    private Task<AuthenticationState> TakeBrowser(Task<AuthenticationState> state)
    {
        if (state.OrNull()?.User is not { } user || CircuitBrowser.Of(user) is not { } browser)
        {
            return state;
        }

        Browser = browser;
        return Task.FromResult(new AuthenticationState(CircuitBrowser.Remove(user)));
    }

    // One after the other, and of those that came meanwhile only the last: a client connects as often as it likes, and each may cost a look at the store.
    private async Task ConnectAsync(Task<AuthenticationState> state)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int turn;
        Task before;
        lock (_turns)
        {
            (turn, before, _connecting) = (++_turn, _connecting, done.Task);
        }

        try
        {
            if (!before.IsCompleted)
            {
                await before;
                if (turn != Volatile.Read(ref _turn))
                {
                    return;
                }
            }

            await circuits.ConnectAsync(this, await state);
        }
        finally
        {
            done.SetResult();
        }
    }
}
