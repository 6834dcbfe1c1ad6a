using System.Globalization;

namespace BlazorAuth.Http;

/// <summary>
/// JavaScript texts may hold half a character (a name cut inside an emoji), and <c>JSON.stringify</c> writes it as an escape such as
/// <c>\ud83d</c>. The platform's JSON reader throws when such a text is looked at, so it is replaced beforehand.
/// </summary>
internal static class LoneSurrogates
{
    public static string Replace(string json)
    {
        // Nearly all tokens return here: characters beyond the first plane are written as they are, not as escapes.
        if (!json.Contains("\\ud", StringComparison.OrdinalIgnoreCase))
        {
            return json;
        }

        var replaced = json.ToCharArray();
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] != '\\')
            {
                continue;
            }

            var unit = EscapeAt(json, i);
            if (char.IsHighSurrogate(unit) && char.IsLowSurrogate(EscapeAt(json, i + 6)))
            {
                i += 11;
            }
            else if (char.IsSurrogate(unit))
            {
                "fffd".CopyTo(replaced.AsSpan(i + 2));
                i += 5;
            }
            else
            {
                i++;
            }
        }

        return new string(replaced);
    }

    /// <summary>The code unit of a <c>\uXXXX</c> at this place; NUL when there is none.</summary>
    private static char EscapeAt(string json, int index) =>
        index + 6 <= json.Length
        && json[index] == '\\'
        && json[index + 1] == 'u'
        && ushort.TryParse(json.AsSpan(index + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : '\0';
}
