using System.Buffers;
using System.Globalization;
using System.Text;
using BlazorAuth.Http;

namespace BlazorAuth.Texts;

/// <summary>Makes foreign text fit to be shown: names, devices, providers.</summary>
internal static class DisplayText
{
    private const int Longest = 80;
    private const int LongestInChars = 240;
    private const char FirstStrongIsolate = '\u2068';
    private const char PopIsolate = '\u2069';

    // They change the text direction: a name could alter the sentence around it.
    private static readonly SearchValues<char> DirectionControls =
        SearchValues.Create("\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069");

    /// <summary>One line without control characters, at most 80 characters as people count them.</summary>
    public static string Clean(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return "";
        }

        var line = new StringBuilder(Math.Min(text.Length, LongestInChars));
        var characters = StringInfo.GetTextElementEnumerator(text);
        for (var count = 0; characters.MoveNext();)
        {
            var character = WithoutControls(characters.GetTextElement());
            if (character.Length == 0 || (character == " " && (line.Length == 0 || line[^1] == ' ')))
            {
                continue;
            }

            if (count++ == Longest || line.Length + character.Length > LongestInChars)
            {
                return line.ToString().TrimEnd() + "…";
            }

            line.Append(character);
        }

        return line.ToString().TrimEnd();
    }

    /// <summary>Puts text of the other direction between isolates, so that it cannot move its neighbours.</summary>
    public static string Isolate(string text, bool isRightToLeft) =>
        isRightToLeft || text.Any(IsRightToLeft) ? FirstStrongIsolate + text + PopIsolate : text;

    /// <summary>The first letter, for a mark.</summary>
    public static string Initial(string? name) => First(Clean(name) is { Length: > 0 } clean ? clean : "?");

    /// <summary>One or two letters for a person without a picture.</summary>
    public static string Initials(string? name)
    {
        var words = Clean(name).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            [] => "?",
            [var only] => First(only),
            [var first, .., var last] => First(first) + First(last),
        };
    }

    private static string First(string word) => StringInfo.GetNextTextElement(word).ToUpperInvariant();

    private static string WithoutControls(string character)
    {
        if (character.AsSpan().ContainsAny(DirectionControls))
        {
            character = string.Concat(character.Where(c => !DirectionControls.Contains(c)));
        }

        return character.Length > 0 && (char.IsControl(character[0]) || char.IsWhiteSpace(character[0])) ? " " : character;
    }

    private static bool IsRightToLeft(char c) => c is (>= '\u0590' and <= '\u08FF') or (>= '\uFB1D' and <= '\uFDFF') or (>= '\uFE70' and <= '\uFEFC');
}
