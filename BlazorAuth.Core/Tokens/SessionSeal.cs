using System.Buffers.Binary;
using System.Text;

namespace BlazorAuth.Tokens;

/// <summary>
/// Seals what a session grants before a store gets it, whatever store it is: who can write the store's rows can end sessions, and make nobody an
/// administrator. A content opens for its own session, user and version only.
/// </summary>
internal sealed class SessionSeal(IReadOnlyList<string> secrets)
{
    // Can never change once shipped: it distinguishes this key from all others derived from the same secret.
    private readonly SecretCipher _cipher = new(secrets, "BlazorAuth: contents of sessions at rest, format 1"u8);

    public string Seal(RowContent content, string sessionId, string userId, int version) =>
        Convert.ToBase64String(_cipher.Seal(content.ToJson(), Bound(sessionId, userId, version)));

    /// <summary>Returns <see langword="null"/> when no secret opens the content of the row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="isFirst">Whether the first secret opened it; otherwise it is to be sealed again.</param>
    public RowContent? Open(SessionRecord row, out bool isFirst)
    {
        isFirst = false;
        var value = new byte[row.Content.Length];
        return Convert.TryFromBase64String(row.Content, value, out var length)
            && _cipher.Open(value.AsSpan(0, length), Bound(row.Id, row.UserId, row.Version), out isFirst) is { } json
                ? RowContent.FromJson(json)
                : null;
    }

    // Each string is preceded by its length, so no two rows have the same bytes.
    private static byte[] Bound(string sessionId, string userId, int version)
    {
        var id = Encoding.UTF8.GetBytes(sessionId);
        var user = Encoding.UTF8.GetBytes(userId);
        var bound = new byte[12 + id.Length + user.Length];
        BinaryPrimitives.WriteInt32BigEndian(bound, version);
        BinaryPrimitives.WriteInt32BigEndian(bound.AsSpan(4), id.Length);
        id.CopyTo(bound, 8);
        BinaryPrimitives.WriteInt32BigEndian(bound.AsSpan(8 + id.Length), user.Length);
        user.CopyTo(bound, 12 + id.Length);
        return bound;
    }
}
