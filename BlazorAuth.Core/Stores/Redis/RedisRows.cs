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
            "id", record.Id, "user", record.UserId, "provider", record.Provider, "claims", record.Claims, "version", record.Version,
            "created", Number(record.CreatedAt), "seen", Number(record.LastSeenAt), "expires", Number(record.ExpiresAt),
        ];
        Add(fields, "account", record.ProviderAccountId);
        Add(fields, "device", record.Device);
        Add(fields, "revoked", record.RevokedAt is { } revokedAt ? Number(revokedAt).ToString(CultureInfo.InvariantCulture) : null);
        return fields;
    }

    public static SessionRecord ToRecord(Dictionary<string, RedisValue> fields) => new()
    {
        Id = fields["id"]!,
        UserId = fields["user"]!,
        Provider = fields["provider"]!,
        ProviderAccountId = fields.TryGetValue("account", out var account) ? (string?)account : null,
        Claims = fields["claims"]!,
        Version = (int)fields["version"],
        CreatedAt = Time(fields["created"]),
        LastSeenAt = Time(fields["seen"]),
        ExpiresAt = Time(fields["expires"]),
        Device = fields.TryGetValue("device", out var device) ? (string?)device : null,
        RevokedAt = fields.TryGetValue("revoked", out var revokedAt) ? Time(revokedAt) : null,
    };

    public static DateTimeOffset Time(RedisValue value) => DateTimeOffset.FromUnixTimeMilliseconds((long)value);

    private static long Number(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static void Add(List<RedisValue> fields, string name, string? value)
    {
        if (value is not null)
        {
            fields.Add(name);
            fields.Add(value);
        }
    }
}
