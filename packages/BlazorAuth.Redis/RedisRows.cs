using System.Globalization;
using StackExchange.Redis;

namespace BlazorAuth.Stores.Redis;

/// <summary>A session as the fields of a Redis hash. Times are whole milliseconds since 1970; what is unknown has no field.</summary>
internal static class RedisRows
{
    public static IEnumerable<RedisValue> Fields(SessionRecord record)
    {
        List<RedisValue> fields =
        [
            "id", record.Id, "user", record.UserId, "provider", record.Provider, "content", record.Content, "version", record.Version,
            "created", Number(record.CreatedAt), "seen", Number(record.LastSeenAt), "expires", Number(record.ExpiresAt),
        ];
        Add(fields, "device", record.Device);
        Add(fields, "adopted", record.IsAdopted ? "1" : null);
        Add(fields, "revoked", record.RevokedAt is { } revokedAt ? Number(revokedAt).ToString(CultureInfo.InvariantCulture) : null);
        Add(fields, "reason", record.RevokedFor is { } reason ? ((int)reason).ToString(CultureInfo.InvariantCulture) : null);
        Add(fields, "replaced", record.ReplacedBy);
        return fields;
    }

    /// <summary>The session in a hash; null when there is none, or one of a version that sealed nothing.</summary>
    public static SessionRecord? ToRecord(IReadOnlyDictionary<string, RedisValue> fields) => !fields.ContainsKey("number") ? null : new()
    {
        Id = fields["id"]!,
        UserId = fields["user"]!,
        Provider = fields["provider"]!,
        Content = fields["content"]!,
        Version = (int)fields["version"],
        CreatedAt = Time(fields["created"]),
        LastSeenAt = Time(fields["seen"]),
        ExpiresAt = Time(fields["expires"]),
        Device = fields.TryGetValue("device", out var device) ? (string?)device : null,
        IsAdopted = fields.ContainsKey("adopted"),
        RevokedAt = fields.TryGetValue("revoked", out var revokedAt) ? Time(revokedAt) : null,
        RevokedFor = fields.TryGetValue("reason", out var reason) ? (RevocationReason)(int)reason : null,
        ReplacedBy = fields.TryGetValue("replaced", out var replacedBy) ? (string?)replacedBy : null,
        Number = (long)fields["number"],
    };

    public static SessionRecord? ToRecord(RedisResult row) =>
        ToRecord(row.ToDictionary().ToDictionary(field => field.Key, field => (RedisValue)field.Value));

    public static IEnumerable<SessionRecord> ToRecords(RedisResult rows) => ((RedisResult[])rows!).Select(ToRecord).OfType<SessionRecord>();

    public static DateTimeOffset Time(RedisValue value) => DateTimeOffset.FromUnixTimeMilliseconds((long)value);

    public static long Number(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static void Add(List<RedisValue> fields, string name, string? value)
    {
        if (value is not null)
        {
            fields.Add(name);
            fields.Add(value);
        }
    }
}
