using System.Buffers;
using System.Text;

namespace BlazorAuth.Sync;

/// <summary>What every store can keep of a text.</summary>
internal static class StoredText
{
    /// <summary>The largest text of an ID in UTF-8: PostgreSQL's indexes hold 2,704 bytes, and some have more than the ID.</summary>
    public const int IndexedBytes = 2000;

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
