using System.Collections.Concurrent;

namespace BlazorAuth.Tokens;

/// <summary>
/// The tokens that this node read or wrote last, so that a browser's next request costs no decryption. Only what was authentic gets in; whether
/// a session lives is asked at every request all the same. Two generations: when the young one is full the old one is forgotten.
/// </summary>
internal sealed class SessionTicketCache
{
    private const int GenerationSize = 2048;

    private volatile ConcurrentDictionary<Key, KnownTicket> _young = new();
    private volatile ConcurrentDictionary<Key, KnownTicket> _old = new();

    public KnownTicket? Find(string salt, string token)
    {
        var key = new Key(token, salt);
        if (_young.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_old.TryGetValue(key, out known))
        {
            Add(key, known);
        }

        return known;
    }

    public void Add(string salt, string token, KnownTicket known) => Add(new Key(token, salt), known);

    private void Add(Key key, KnownTicket known)
    {
        var young = _young;
        if (young.TryAdd(key, known) && young.Count > GenerationSize)
        {
            _old = young;
            _young = new();
        }
    }

    private readonly record struct Key(string Token, string Salt);
}
