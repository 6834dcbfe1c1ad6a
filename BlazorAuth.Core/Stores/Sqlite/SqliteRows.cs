using Microsoft.Data.Sqlite;

namespace BlazorAuth.Stores.Sqlite;

/// <summary>Commands with their parameters, and rows as values. Times are whole milliseconds since 1970.</summary>
internal static class SqliteRows
{
    public const string SessionColumns = "id, user_id, provider, provider_account_id, claims, version, created_at, last_seen_at, expires_at, device, revoked_at";

    public static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    public static List<T> ReadAll<T>(SqliteCommand command, Func<SqliteDataReader, T> toValue)
    {
        using var reader = command.ExecuteReader();
        List<T> values = [];
        while (reader.Read())
        {
            values.Add(toValue(reader));
        }

        return values;
    }

    public static long Number(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    public static SessionRecord ToRecord(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        UserId = row.GetString(1),
        Provider = row.GetString(2),
        ProviderAccountId = row.IsDBNull(3) ? null : row.GetString(3),
        Claims = row.GetString(4),
        Version = row.GetInt32(5),
        CreatedAt = ToTime(row, 6),
        LastSeenAt = ToTime(row, 7),
        ExpiresAt = ToTime(row, 8),
        Device = row.IsDBNull(9) ? null : row.GetString(9),
        RevokedAt = row.IsDBNull(10) ? null : ToTime(row, 10),
    };

    public static DateTimeOffset ToTime(SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
