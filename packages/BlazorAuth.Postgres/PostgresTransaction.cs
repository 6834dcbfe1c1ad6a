using Npgsql;

namespace BlazorAuth.Stores.Postgres;

/// <summary>Several statements that count together, or not at all: without <see cref="CommitAsync"/> nothing was written.</summary>
internal sealed class PostgresTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
{
    public Task CommitAsync() => transaction.CommitAsync(cancellationToken);

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public async Task<int> ExecuteAsync(string sql, params object?[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<List<T>> ReadAllAsync<T>(string sql, Func<NpgsqlDataReader, T> toValue, params object?[] values)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<T> all = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            all.Add(toValue(reader));
        }

        return all;
    }

    private NpgsqlCommand Command(string sql, object?[] values)
    {
        var command = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = 0 };
        Array.ForEach(values, value => command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value }));
        return command;
    }
}
