using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace BlazorAuth.Sync;

/// <summary>
/// Records that all sessions of a person were ended, including those whose rows the store has lost: a revoked row that appears in no list of that person's
/// sessions, and whose id tells nodes whom it concerns.
/// </summary>
internal static class EndOfAll
{
    private const string Prefix = "all-sessions-of:";

    /// <summary>The user id that the rows about a person have.</summary>
    public static string NameOf(string userId) => Prefix + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(userId)));

    /// <summary>Whether a user id is the name of such rows: nobody may have it, or rows of theirs would pass for records.</summary>
    public static bool IsName(string userId) => userId.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>An id for another such row.</summary>
    public static string NewId(string userId) => $"{NameOf(userId)}:{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16))}";

    /// <summary>The name in the id of such a row; null when it is a session's.</summary>
    public static string? NameIn(string sessionId) =>
        sessionId.StartsWith(Prefix, StringComparison.Ordinal) && sessionId.LastIndexOf(':') is var end && end >= Prefix.Length ? sessionId[..end] : null;
}
