using BlazorAuth.Sync;
using Microsoft.Data.Sqlite;
using static BlazorAuth.Stores.Sqlite.SqliteRows;

namespace BlazorAuth.Stores.Sqlite;

/// <content>Whether the file still is the one that it was, and whether another process has written it.</content>
internal sealed partial class SqliteSessionStore : IWatchedStore, IPolledStore
{
    private const int MostNodes = 1000;

    /// <inheritdoc />
    public Action<string> OnMarkReceived { get; set; } = _ => { };

    /// <inheritdoc />
    public TimeSpan PollInterval => TimeSpan.FromMilliseconds(250);

    /// <inheritdoc />
    public bool WasWritten() => _database.WasWritten();

    public async Task<StoreLook> LookAsync(NodeMark mark, CancellationToken cancellationToken = default)
    {
        var look = await _database.WriteAsync(connection => Look(connection, mark), cancellationToken);

        // The file may have been deleted or replaced while it is still open here: then whatever is written is never read.
        _database.CheckFile(connection =>
            ReadAll(connection, "SELECT sequence FROM nodes WHERE id = $id", row => row.GetInt64(0), ("$id", mark.Node)).SingleOrDefault() >= mark.Sequence);
        return look;
    }

    public Task<bool> NoteLossAsync(string expected, string losses, long number, CancellationToken cancellationToken = default) => _database.WriteAsync(
        connection => Execute(
            connection, "UPDATE store SET losses = $losses, number = max(number, $number) WHERE losses = $expected",
            ("$losses", losses), ("$number", number), ("$expected", expected)) == 1,
        cancellationToken);

    private StoreLook Look(SqliteConnection connection, NodeMark mark)
    {
        _database.CheckSchema(connection);
        const string Marks = "SELECT sequence, number, seen_at FROM nodes";
        var (id, number, losses) = ReadAll(
            connection, "SELECT id, number, losses FROM store", row => (row.GetString(0), row.GetInt64(1), row.GetString(2))).Single();
        var own = ReadAll(connection, $"{Marks} WHERE id = $id", ToMark, ("$id", mark.Node));
        var last = ReadAll(
            connection, $"{Marks} WHERE id <> $id AND seen_at < $started ORDER BY seen_at DESC LIMIT 1", ToMark,
            ("$id", mark.Node), ("$started", Number(mark.StartedAt)));
        Execute(
            connection, "INSERT INTO nodes VALUES ($id, $sequence, $number, $now) ON CONFLICT (id) DO UPDATE SET sequence = $sequence, number = $number, seen_at = $now",
            ("$id", mark.Node), ("$sequence", mark.Sequence), ("$number", number), ("$now", Now));
        if (mark.Sequence == 1)
        {
            Execute(
                connection, "DELETE FROM nodes WHERE id IN (SELECT id FROM nodes ORDER BY seen_at DESC LIMIT -1 OFFSET $most)", ("$most", MostNodes));
        }

        return new StoreLook(id, number, losses, Time: null, own.Count == 0 ? null : own[0], last.Count == 0 ? null : last[0]);
    }

    private static PastLook ToMark(SqliteDataReader row) => new(row.GetInt64(0), row.GetInt64(1), ToTime(row, 2));
}
