using System.Globalization;

namespace BlazorAuth.Stores;

/// <summary>
/// A change as text, as the PostgreSQL and Redis stores send it: <c>r</c> (revoked) or <c>u</c> (updated), version, expiry and time of the change in
/// milliseconds, id; or the mark of a node after a <c>p</c>. Both stores build it in the database, so the form is known there too. Nodes of two versions may run together: an unknown text is
/// ignored.
/// </summary>
internal static class SignalText
{
    public static SessionChange? Parse(string text)
    {
        var parts = text.Split(' ', 5);
        return parts.Length == 5 && parts[0] is "r" or "u"
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && Time(parts[2]) is { } expiresAt && Time(parts[3]) is { } changedAt
            && parts[4].Length > 0
                ? new SessionChange(parts[4], parts[0] == "r", version, expiresAt, changedAt)
                : null;
    }

    /// <summary>The mark that a node sent; null when the text is something else.</summary>
    public static string? Mark(string text) => text.StartsWith("p ", StringComparison.Ordinal) ? text[2..] : null;

    private static DateTimeOffset? Time(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
        && milliseconds is >= -62_135_596_800_000 and <= 253_402_300_799_999
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
}
