using System.Threading.Channels;

namespace BlazorAuth.Tests.Stores;

/// <summary>A store as an app may write one: it keeps no protection keys, has no signal, and throws what nobody expects when it is told to.</summary>
internal sealed class OwnStore(TimeProvider clock) : ISessionStore
{
    private readonly MemorySessionStore _inner = new(clock);
    private readonly Channel<string> _calls = Channel.CreateUnbounded<string>();

    /// <summary>Looks at every call by its name before it is made, and may throw.</summary>
    public Action<string> OnCall { get; set; } = _ => { };

    /// <summary>A call waits for this before it is made.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Ends when a call of this name has been made after now, and was not refused by <see cref="OnCall"/>.</summary>
    public async Task CalledAsync(string name)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (await _calls.Reader.ReadAsync(limit.Token) != name)
        {
        }
    }

    /// <summary>Forgets the calls so far.</summary>
    public void Settle()
    {
        while (_calls.Reader.TryRead(out _))
        {
        }
    }

    public Task InitializeAsync(CancellationToken cancellationToken = default) => _inner.InitializeAsync(cancellationToken);

    public Task CreateAsync(SessionRecord session, CancellationToken cancellationToken = default) => _inner.CreateAsync(session, cancellationToken);

    public Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken = default) =>
        Called(nameof(FindAsync), () => _inner.FindAsync(sessionId, cancellationToken));

    public Task<IReadOnlyList<SessionRecord>> ListAsync(string userId, CancellationToken cancellationToken = default) => _inner.ListAsync(userId, cancellationToken);

    public Task<IReadOnlyList<SessionRecord>> ListHistoryAsync(string userId, int count, CancellationToken cancellationToken = default) =>
        _inner.ListHistoryAsync(userId, count, cancellationToken);

    public Task<RevokeResult> RevokeAsync(string userId, string sessionId, CancellationToken cancellationToken = default) =>
        _inner.RevokeAsync(userId, sessionId, cancellationToken);

    public Task<IReadOnlyList<string>> RevokeAllAsync(string userId, string? exceptSessionId = null, CancellationToken cancellationToken = default) =>
        _inner.RevokeAllAsync(userId, exceptSessionId, cancellationToken);

    public Task<bool> TouchAsync(string sessionId, DateTimeOffset lastSeenAt, DateTimeOffset expiresAt, CancellationToken cancellationToken = default) =>
        _inner.TouchAsync(sessionId, lastSeenAt, expiresAt, cancellationToken);

    public Task<int> TouchAsync(IReadOnlyCollection<SessionTouch> touches, CancellationToken cancellationToken = default) =>
        Called("TouchAllAsync", () => _inner.TouchAsync(touches, cancellationToken));

    public Task<int?> UpdateClaimsAsync(string sessionId, int expectedVersion, string claims, CancellationToken cancellationToken = default) =>
        Called(nameof(UpdateClaimsAsync), () => _inner.UpdateClaimsAsync(sessionId, expectedVersion, claims, cancellationToken));

    public Task<SessionChangeSet> ReadChangesAsync(long cursor, CancellationToken cancellationToken = default) =>
        Called(nameof(ReadChangesAsync), () => _inner.ReadChangesAsync(cursor, cancellationToken));

    public Task<int> RemoveExpiredAsync(CancellationToken cancellationToken = default) =>
        Called(nameof(RemoveExpiredAsync), () => _inner.RemoveExpiredAsync(cancellationToken));

    private async Task<T> Called<T>(string name, Func<Task<T>> call)
    {
        OnCall(name);
        await Before(name);
        var result = await call();
        _calls.Writer.TryWrite(name);
        return result;
    }
}
