using System.Buffers;
using System.Text;

namespace BlazorAuth.Tokens;

/// <summary>What every store can keep of a text.</summary>
internal static class StoredText
{
    /// <summary>The largest text of an ID in UTF-8: PostgreSQL's indexes hold 2,704 bytes, and some have more than the ID.</summary>
    public const int IndexedBytes = 2000;

    /// <summary>The largest texts of an issuer and a subject together, in UTF-8: one index holds both.</summary>
    public const int IndexedPairBytes = 2600;

    /// <summary>The largest text of an ID in characters.</summary>
    public const int IdLength = 1024;

    /// <summary>Whether every store can hold a text as an ID. One that it cannot hold belongs to no session and to no user.</summary>
    public static bool CanBeId(string text) =>
        text.Length is > 0 and <= IdLength && CanBeKept(text) && Encoding.UTF8.GetByteCount(text) <= IndexedBytes;

    /// <summary>Whether every store can hold a text: PostgreSQL does not support NUL, and half a surrogate pair has no UTF-8 encoding.</summary>
    public static bool CanBeKept(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != OperationStatus.Done || rune.Value == 0)
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }
}
