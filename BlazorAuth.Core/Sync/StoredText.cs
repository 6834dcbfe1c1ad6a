using System.Buffers;
using System.Text;

namespace BlazorAuth.Sync;

/// <summary>What every store can keep of a text.</summary>
internal static class StoredText
{
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
