using System.Threading.Channels;

namespace BlazorAuth.Tests.Stores;

/// <summary>A store as an app may write one: it keeps no protection keys, has no signal, and throws what nobody expects when it is told to.</summary>
internal sealed class OwnStore(TimeProvider clock) : ForwardingStore(new MemorySessionStore(clock))
{
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

    public override Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken = default) =>
        Called(nameof(FindAsync), () => base.FindAsync(sessionId, cancellationToken));

    public override Task<RevokeResult> RevokeAsync(
        string userId, string sessionId, SessionRevocation revocation, CancellationToken cancellationToken = default) =>
        Called(nameof(RevokeAsync), () => base.RevokeAsync(userId, sessionId, revocation, cancellationToken));

    public override Task<IReadOnlyList<string>> LimitAsync(
        string userId, string keptSessionId, int most, SessionRevocation revocation, CancellationToken cancellationToken = default) =>
        Called(nameof(LimitAsync), () => base.LimitAsync(userId, keptSessionId, most, revocation, cancellationToken));

    public override Task<bool> EraseAsync(string userId, string sessionId, CancellationToken cancellationToken = default) =>
        Called(nameof(EraseAsync), () => base.EraseAsync(userId, sessionId, cancellationToken));

    public override Task<SessionSlice> ScanAsync(string? position, int count, CancellationToken cancellationToken = default) =>
        Called(nameof(ScanAsync), () => base.ScanAsync(position, count, cancellationToken));

    public override Task<SessionRecord?> RenewAsync(
        string userId, string sessionId, DateTimeOffset lastSeenAt, DateTimeOffset expiresAt, CancellationToken cancellationToken = default) =>
        Called(nameof(RenewAsync), () => base.RenewAsync(userId, sessionId, lastSeenAt, expiresAt, cancellationToken));

    public override Task<int> TouchAsync(IReadOnlyCollection<SessionTouch> touches, CancellationToken cancellationToken = default) =>
        Called(nameof(TouchAsync), () => base.TouchAsync(touches, cancellationToken));

    public override Task<SessionRecord?> UpdateAsync(string sessionId, int expectedVersion, string content, CancellationToken cancellationToken = default) =>
        Called(nameof(UpdateAsync), () => base.UpdateAsync(sessionId, expectedVersion, content, cancellationToken));

    public override Task<bool> TryUseAsync(string key, DateTimeOffset until, CancellationToken cancellationToken = default) =>
        Called(nameof(TryUseAsync), () => base.TryUseAsync(key, until, cancellationToken));

    public override Task<SessionChangeSet> ReadChangesAsync(long cursor, DateTimeOffset since, CancellationToken cancellationToken = default) =>
        Called(nameof(ReadChangesAsync), () => base.ReadChangesAsync(cursor, since, cancellationToken));

    public override Task<int> RemoveExpiredAsync(DateTimeOffset before, CancellationToken cancellationToken = default) =>
        Called(nameof(RemoveExpiredAsync), () => base.RemoveExpiredAsync(before, cancellationToken));

    private async Task<T> Called<T>(string name, Func<Task<T>> call)
    {
        OnCall(name);
        await Before(name);
        var result = await call();
        _calls.Writer.TryWrite(name);
        return result;
    }
}
