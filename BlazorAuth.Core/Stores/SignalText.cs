using System.Globalization;

namespace BlazorAuth.Stores;

/// <summary>
/// A change as text, as the PostgreSQL and Redis stores send it: <c>r</c> (revoked) or <c>u</c> (updated), version, expiry in milliseconds, id.
/// Both stores build it in the database, so the form is known there too. Nodes of two versions may run together: an unknown text is ignored.
/// </summary>
internal static class SignalText
{
    public static SessionChange? Parse(string text)
    {
        var parts = text.Split(' ', 4);
        return parts.Length == 4 && parts[0] is "r" or "u"
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && long.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var expiresAt)
            && expiresAt is >= -62_135_596_800_000 and <= 253_402_300_799_999
            && parts[3].Length > 0
                ? new SessionChange(parts[3], parts[0] == "r", version, DateTimeOffset.FromUnixTimeMilliseconds(expiresAt))
                : null;
    }
}
