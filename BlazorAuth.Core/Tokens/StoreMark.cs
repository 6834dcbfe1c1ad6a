using System.Globalization;

namespace BlazorAuth.Tokens;

/// <summary>Where a token comes from: the store that had its row, and the number of the write that the token tells of. In a token: <c>id.number</c>.</summary>
internal sealed record StoreMark(string StoreId, long Number)
{
    /// <summary>The mark in a text; null when it holds none.</summary>
    public static StoreMark? Parse(string? text)
    {
        var dot = text?.LastIndexOf('.') ?? -1;
        return dot > 0 && long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new StoreMark(text![..dot], number)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{StoreId}.{Number}");
}
