using Microsoft.Data.Sqlite;

namespace BlazorAuth.Stores.Sqlite;

/// <summary>Commands with their parameters, and rows as values. Times are whole milliseconds since 1970.</summary>
internal static class SqliteRows
{
    public const string Columns =
        "id, user_id, provider, content, version, created_at, last_seen_at, expires_at, device, is_adopted, revoked_at, revoked_for, number, replaced_by";

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

    public static int Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        return command.ExecuteNonQuery();
    }

    public static List<T> ReadAll<T>(
        SqliteConnection connection, string sql, Func<SqliteDataReader, T> toValue, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
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
        Content = row.GetString(3),
        Version = row.GetInt32(4),
        CreatedAt = ToTime(row, 5),
        LastSeenAt = ToTime(row, 6),
        ExpiresAt = ToTime(row, 7),
        Device = row.IsDBNull(8) ? null : row.GetString(8),
        IsAdopted = row.GetBoolean(9),
        RevokedAt = row.IsDBNull(10) ? null : ToTime(row, 10),
        RevokedFor = row.IsDBNull(11) ? null : (RevocationReason)row.GetInt32(11),
        Number = row.GetInt64(12),
        ReplacedBy = row.IsDBNull(13) ? null : row.GetString(13),
    };

    public static DateTimeOffset ToTime(SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
