using System.Collections.Concurrent;

namespace BlazorAuth.Tokens;

/// <summary>
/// The tickets of the tokens this node read last, so that a browser's next request costs no decryption. Only what was authentic gets in; whether
/// a session lives is asked at every request all the same. Two generations: when the young one is full the old one is forgotten.
/// </summary>
internal sealed class SessionTicketCache
{
    private const int GenerationSize = 2048;

    private volatile ConcurrentDictionary<Key, Entry> _young = new();
    private volatile ConcurrentDictionary<Key, Entry> _old = new();

    public bool TryGet(string salt, string token, out Entry entry)
    {
        var key = new Key(token, salt);
        if (_young.TryGetValue(key, out entry))
        {
            return true;
        }

        if (!_old.TryGetValue(key, out entry))
        {
            return false;
        }

        Add(key, entry);
        return true;
    }

    public void Add(string salt, string token, Entry entry) => Add(new Key(token, salt), entry);

    private void Add(Key key, Entry entry)
    {
        var young = _young;
        if (young.TryAdd(key, entry) && young.Count > GenerationSize)
        {
            _old = young;
            _young = new();
        }
    }

    /// <summary>A ticket, and whether its token is in our format and under the first secret.</summary>
    public readonly record struct Entry(SessionTicket Ticket, bool IsCurrent);

    private readonly record struct Key(string Token, string Salt);
}
