using System.Globalization;
using System.Text.Json;

namespace BlazorAuth.Http;

/// <summary>
/// JSON allows numbers that no type holds, such as 1e99999999999, and the platform throws when it compares them. No script writes one: <c>JSON.stringify</c> knows only
/// finite doubles.
/// </summary>
internal static class JsonNumbers
{
    private const int LongestExponent = 3;

    /// <summary>Whether every number in a text's value is one that a script can have.</summary>
    public static bool AreUsual(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => IsUsual(value.GetRawText()),
        JsonValueKind.Array => value.EnumerateArray().All(AreUsual),
        JsonValueKind.Object => value.EnumerateObject().All(member => AreUsual(member.Value)),
        _ => true,
    };

    private static bool IsUsual(string number)
    {
        var at = number.AsSpan().IndexOfAny('e', 'E');
        return (at < 0 || number.AsSpan(at + 1).TrimStart("+-").TrimStart('0').Length <= LongestExponent)
            && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value);
    }
}
