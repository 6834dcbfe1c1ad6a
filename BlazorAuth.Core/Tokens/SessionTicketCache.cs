using System.Collections.Concurrent;

namespace BlazorAuth.Tokens;

/// <summary>
/// The tokens that this node read or wrote last, so that a browser's next request costs no decryption. Only what was authentic gets in; whether
/// a session lives is asked at every request all the same. Two generations: when the young one is full the old one is forgotten.
/// </summary>
internal sealed class SessionTicketCache
{
    private const int MostTokens = 2048;

    // Of usual tokens there are too many first. A session can grant a hundred kilobytes, and one person can have its token written as often as they like.
    private const long MostLetters = 4_000_000;

    private volatile Generation _young = new();
    private volatile Generation _old = new();

    public KnownTicket? Find(string salt, string token)
    {
        var key = new Key(token, salt);
        if (_young.Tickets.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_old.Tickets.TryGetValue(key, out known))
        {
            Add(key, known);
        }

        return known;
    }

    public void Add(string salt, string token, KnownTicket known) => Add(new Key(token, salt), known);

    private void Add(Key key, KnownTicket known)
    {
        var young = _young;
        if (young.Tickets.TryAdd(key, known) && (young.Weigh(key.Token.Length) > MostLetters || young.Tickets.Count > MostTokens))
        {
            _old = young;
            _young = new();
        }
    }

    private sealed class Generation
    {
        private long _letters;

        public ConcurrentDictionary<Key, KnownTicket> Tickets { get; } = new();

        /// <summary>Counts the letters of one more token, and returns those of all.</summary>
        public long Weigh(int letters) => Interlocked.Add(ref _letters, letters);
    }

    private readonly record struct Key(string Token, string Salt);
}
