using System.Globalization;

namespace BlazorAuth.Configuration;

/// <summary>A moment in the one notation that everybody reads alike (ISO 8601, or with a space). The platform takes 10.11.2026 for a day of October, and 12:00 for today.</summary>
internal static class WrittenMoment
{
    // PostgreSQL writes +00 for +00:00.
    private static readonly string[] Forms =
    [
        .. from day in (string[])["yyyy-MM-dd'T'", "yyyy-MM-dd' '"]
           from time in (string[])["HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFFF"]
           from zone in (string[])["K", "zz"]
           select day + time + zone,
        "yyyy-MM-dd",
    ];

    /// <summary>The moment, in UTC if it names no zone; null when it is written otherwise.</summary>
    public static DateTimeOffset? Read(string text) =>
        DateTimeOffset.TryParseExact(text.Trim(), Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;
}
