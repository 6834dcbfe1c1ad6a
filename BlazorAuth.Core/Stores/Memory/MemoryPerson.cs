namespace BlazorAuth.Stores.Memory;

/// <summary>The sessions of one person in the orders in which they are asked for.</summary>
internal sealed class MemoryPerson
{
    private static readonly Comparer<Place> MostRecentFirst = Comparer<Place>.Create((one, other) =>
        one.At != other.At ? other.At.CompareTo(one.At) : string.CompareOrdinal(one.Id, other.Id));

    private readonly SortedSet<Place> _open = new(MostRecentFirst);
    private readonly SortedSet<Place> _history = new(MostRecentFirst);

    public bool IsEmpty => _history.Count == 0;

    public void Add(SessionRecord record)
    {
        _history.Add(HistoryPlace(record));
        if (record.RevokedAt is null)
        {
            _open.Add(OpenPlace(record));
        }
    }

    public void Remove(SessionRecord record)
    {
        _history.Remove(HistoryPlace(record));
        _open.Remove(OpenPlace(record));
    }

    /// <summary>The ids of sessions that are not revoked, the most recently seen first.</summary>
    public IEnumerable<string> Open(SessionRecord? after = null) => After(_open, after is null ? null : OpenPlace(after));

    /// <summary>The ids of sessions that are not revoked, that seen longest ago first.</summary>
    public IEnumerable<string> OldestOpen() => _open.Reverse().Select(place => place.Id);

    public IEnumerable<string> History(SessionRecord? after) => After(_history, after is null ? null : HistoryPlace(after));

    /// <summary>The ids of sessions that were replaced and end after a moment.</summary>
    public IEnumerable<string> EndingAfter(DateTimeOffset moment) => _history.TakeWhile(place => place.At > moment).Select(place => place.Id);

    private static IEnumerable<string> After(SortedSet<Place> places, Place? after) =>
        after is not { } last ? places.Select(place => place.Id)
        : places.Count == 0 || MostRecentFirst.Compare(last, places.Max) >= 0 ? []
        : places.GetViewBetween(last, places.Max).Where(place => place != last).Select(place => place.Id);

    private static Place OpenPlace(SessionRecord record) => new(record.LastSeenAt, record.Id);

    private static Place HistoryPlace(SessionRecord record) => new(record.RevokedAt ?? record.CreatedAt, record.Id);

    private readonly record struct Place(DateTimeOffset At, string Id);
}
