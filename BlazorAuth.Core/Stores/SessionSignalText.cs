using System.Globalization;

namespace BlazorAuth;

/// <summary>
/// The text of a signal, in parts separated by spaces. A change: <c>r</c> (revoked) or <c>u</c> (updated), version, expiry and time of the change, both in
/// milliseconds since 1970, and the ID. A replaced session: <c>p</c>, the same three parts, its end, the ID of the session that replaced it, and its own ID. The
/// mark of a node: <c>m</c> and the mark. IDs come last because they may contain spaces. A store builds these texts where it writes, in SQL or in a script, so that
/// change and signal are one transaction. The format never changes; text in any other format comes from a newer version and is ignored.
/// </summary>
public static class SessionSignalText
{
    /// <summary>Returns the change in a text; <see langword="null"/> if it is something else.</summary>
    public static SessionChange? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
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

    /// <summary>Returns the mark of a node in a text, for <see cref="IWatchedStore.OnMarkReceived"/>; <see langword="null"/> if it is something else.</summary>
    public static string? ParseMark(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith("m ", StringComparison.Ordinal) ? text[2..] : null;
    }

    private static DateTimeOffset? Time(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
        && milliseconds is >= -62_135_596_800_000 and <= 253_402_300_799_999
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
}
