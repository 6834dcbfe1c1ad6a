using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Concurrent;

namespace BlazorAuth.Sync;

/// <summary>
/// Changes by the id of their session, many of them: a million is what a large app remembers. The plain ones about sessions with an id of our own, which is 16
/// bytes, are kept without a string; those that were replaced, and those with another kind of id, as they are. Reading takes no lock.
/// </summary>
internal sealed class ChangeTable
{
    private const int IdLength = 22;

    private readonly ConcurrentDictionary<UInt128, Plain> _plain = new();
    private readonly ConcurrentDictionary<string, SessionChange> _others = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public int Count => _plain.Count + _others.Count;

    // A change that is no longer plain moves to the other table and never back. It is added there before it is removed here, and looked up in the opposite order.
    public SessionChange? Find(string id)
    {
        if (KeyOf(id) is { } key && _plain.TryGetValue(key, out var plain))
        {
            return plain.Change(id);
        }

        return _others.TryGetValue(id, out var change) ? change : null;
    }

    /// <summary>Replaces what is known about a session, or null, by what the function returns.</summary>
    public void Update(string id, Func<SessionChange?, SessionChange> update)
    {
        var key = KeyOf(id);
        lock (_gate)
        {
            var isOther = _others.TryGetValue(id, out var other);
            SessionChange? before = isOther ? other : key is { } at && _plain.TryGetValue(at, out var plain) ? plain.Change(id) : null;
            var change = update(before);
            if (key is { } own && !isOther && change is { ReplacedBy: null, EndsAt: null })
            {
                _plain[own] = new Plain(change);
                return;
            }

            _others[id] = change;
            if (key is { } former)
            {
                _plain.TryRemove(former, out _);
            }
        }
    }

    /// <summary>Removes and returns what is over, one by one as the caller enumerates. A change that is updated in between is evaluated by its new values.</summary>
    public IEnumerable<SessionChange> Remove(Func<SessionChange, bool> isOver)
    {
        foreach (var change in All())
        {
            if (isOver(change) && Remove(change.SessionId, isOver) is { } removed)
            {
                yield return removed;
            }
        }
    }

    public IEnumerable<SessionChange> All()
    {
        foreach (var (key, plain) in _plain)
        {
            yield return plain.Change(IdOf(key));
        }

        foreach (var (_, change) in _others)
        {
            yield return change;
        }
    }

    /// <summary>Removes what is known about a session.</summary>
    public void Remove(string id) => Remove(id, _ => true);

    private SessionChange? Remove(string id, Func<SessionChange, bool> isOver)
    {
        lock (_gate)
        {
            if (Find(id) is not { } change || !isOver(change))
            {
                return null;
            }

            _others.TryRemove(id, out _);
            if (KeyOf(id) is { } key)
            {
                _plain.TryRemove(key, out _);
            }

            return change;
        }
    }

    /// <summary>The 16 bytes of an id that is written in the only way they can be written in; null for any other.</summary>
    private static UInt128? KeyOf(string id)
    {
        Span<byte> bytes = stackalloc byte[16];
        return id.Length == IdLength && Base64Url.DecodeFromChars(id, bytes, out _, out var count) == OperationStatus.Done
            && count == bytes.Length
            ? BinaryPrimitives.ReadUInt128LittleEndian(bytes)
            : null;
    }

    private static string IdOf(UInt128 key)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, key);
        return Base64Url.EncodeToString(bytes);
    }

    private readonly struct Plain(SessionChange change)
    {
        private readonly long _expiresAt = change.ExpiresAt.UtcTicks;
        private readonly long _changedAt = change.ChangedAt.UtcTicks;
        private readonly int _version = change.Version;
        private readonly bool _isRevoked = change.Revoked;

        public SessionChange Change(string id) => new(id, _isRevoked, _version, new(_expiresAt, TimeSpan.Zero), new(_changedAt, TimeSpan.Zero));
    }
}
