using System.Globalization;

namespace BlazorAuth.Stores;

/// <summary>
/// A change as text, as the PostgreSQL and Redis stores send it: <c>r</c> (revoked) or <c>u</c> (updated), version, expiry and time of the change in
/// milliseconds, id; <c>p</c> (replaced), the same, its end and the id of the session that took its place, then its own id; or the mark of a node after an
/// <c>m</c>. Both stores build it in the database, so the form is known there too. Nodes of two versions may run together: an unknown text is
/// ignored.
/// </summary>
internal static class SignalText
{
    public static SessionChange? Parse(string text)
    {
        var isReplaced = text.StartsWith("p ", StringComparison.Ordinal);
        var parts = text.Split(' ', isReplaced ? 7 : 5);
        if (parts.Length != (isReplaced ? 7 : 5) || parts[^1].Length == 0 || parts[0] is not ("r" or "u" or "p")
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            || Time(parts[2]) is not { } expiresAt || Time(parts[3]) is not { } changedAt)
        {
            return null;
        }

        var change = new SessionChange(parts[^1], parts[0] == "r", version, expiresAt, changedAt);
        return !isReplaced ? change
            : Time(parts[4]) is { } endsAt && parts[5].Length > 0 ? change with { ReplacedBy = parts[5], EndsAt = endsAt }
            : null;
    }

    /// <summary>The mark that a node sent; null when the text is something else.</summary>
    public static string? Mark(string text) => text.StartsWith("m ", StringComparison.Ordinal) ? text[2..] : null;

    private static DateTimeOffset? Time(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
        && milliseconds is >= -62_135_596_800_000 and <= 253_402_300_799_999
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
}
