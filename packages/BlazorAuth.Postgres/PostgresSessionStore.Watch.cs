using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace BlazorAuth.Stores.Postgres;

/// <content>Whether the store still is the one that it was.</content>
internal sealed partial class PostgresSessionStore : IWatchedStore
{
    private const int MostNodes = 1000;

    /// <inheritdoc />
    public Action<string> OnMarkReceived
    {
        get => _signal.OnMarkReceived;
        set => _signal.OnMarkReceived = value;
    }

    public async Task<StoreLook> LookAsync(NodeMark mark, CancellationToken cancellationToken = default)
    {
        if (mark.Sequence == 1)
        {
            await _database.RunOwnAsync(
                PostgresSql.RemoveNodes, (command, token) => command.ExecuteNonQueryAsync(token), cancellationToken, values: [MostNodes]);
        }

        var looks = await ReadOwnAsync(
            PostgresSql.Look, ToLook, cancellationToken, timeoutInSeconds: null,
            mark.Node, mark.Sequence, Number(mark.StartedAt), new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bigint, Value = (object?)ServerTime ?? DBNull.Value });
        if (looks.Count == 0)
        {
            _database.Forget();
            throw new SessionStoreException("The session store (PostgreSQL) was emptied. Its tables are being created again.");
        }

        return looks[0];
    }

    public async Task<bool> NoteLossAsync(string expected, string losses, long number, CancellationToken cancellationToken = default) =>
        await _database.RunOwnAsync(
            PostgresSql.NoteLoss, (command, token) => command.ExecuteScalarAsync(token), cancellationToken, values: [expected, losses, number]) is long;

    private long? ServerTime => _serverClock is { } clock ? Number(clock.GetUtcNow()) : null;

    private static StoreLook ToLook(NpgsqlDataReader row)
    {
        PostgresSchema.Check(row.GetInt32(10));
        return new(
            row.GetString(0), row.GetInt64(1), row.GetString(2), Time(row, 3),
            row.IsDBNull(4) ? null : new PastLook(row.GetInt64(4), row.GetInt64(5), Time(row, 6)),
            row.IsDBNull(7) ? null : new PastLook(row.GetInt64(7), row.GetInt64(8), Time(row, 9)));
    }
}
