namespace BlazorAuth.Stores.Memory;

/// <summary>Sessions by their id and by their person, and the number of the last write. Its owner guards it with a lock.</summary>
internal sealed class MemoryRows
{
    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MemoryPerson> _people = new(StringComparer.Ordinal);

    /// <summary>The number of the last write.</summary>
    public long Number { get; private set; }

    public IEnumerable<Row> All => _rows.Values;

    public void ContinueAbove(long number) => Number = Math.Max(Number, number);

    public SessionRecord? Find(string sessionId) => _rows.GetValueOrDefault(sessionId)?.Record;

    public MemoryPerson? Person(string userId) => _people.GetValueOrDefault(userId);

    /// <summary>Writes a session under a new number.</summary>
    /// <param name="record">The session as it is from now on.</param>
    /// <param name="changedAt">When it was changed, if others have to hear of this write.</param>
    public SessionRecord Write(SessionRecord record, DateTimeOffset? changedAt)
    {
        var before = _rows.GetValueOrDefault(record.Id);
        var written = record with { Number = ++Number };
        Put(new Row(written, changedAt is null ? before?.Change ?? 0 : Number, changedAt ?? before?.ChangedAt ?? default));
        return written;
    }

    /// <summary>Writes a session without a number.</summary>
    public void Overwrite(SessionRecord record) => Put(_rows[record.Id] with { Record = record });

    public bool Remove(string sessionId)
    {
        if (!_rows.Remove(sessionId, out var row))
        {
            return false;
        }

        RemoveFromPerson(row.Record);
        return true;
    }

    private void Put(Row row)
    {
        if (_rows.TryGetValue(row.Record.Id, out var before))
        {
            RemoveFromPerson(before.Record);
        }

        _rows[row.Record.Id] = row;
        if (!_people.TryGetValue(row.Record.UserId, out var person))
        {
            _people.Add(row.Record.UserId, person = new MemoryPerson());
        }

        person.Add(row.Record);
    }

    private void RemoveFromPerson(SessionRecord record)
    {
        var person = _people[record.UserId];
        person.Remove(record);
        if (person.IsEmpty)
        {
            _people.Remove(record.UserId);
        }
    }

    /// <summary>A session, and the number and time of its last change that others have to hear of (0: none).</summary>
    public sealed record Row(SessionRecord Record, long Change, DateTimeOffset ChangedAt);
}
