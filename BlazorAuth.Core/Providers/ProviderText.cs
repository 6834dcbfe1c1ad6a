using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using BlazorAuth.Http;
using BlazorAuth.Sync;
using BlazorAuth.Tokens;

namespace BlazorAuth.Providers;

/// <summary>Cleans and bounds what a provider says about a person, in one place: it goes into cookies, stores and pages.</summary>
internal static class ProviderText
{
    private const int LongestName = 200;
    private const int LongestEmail = 320;
    private const int LongestPicture = 1024;
    private const int LongestSubject = 1024;

    /// <summary>How many bytes name, address and picture may take together: the session cookie has to fit beside a return address into what stock proxies take.</summary>
    private const int LongestProfile = 1560;

    /// <summary>A name that a person can see; null when there is nothing to see. Cut between characters as people count them.</summary>
    public static string? Name(string? text)
    {
        if (text is null || !text.EnumerateRunes().Any(IsVisible))
        {
            return null;
        }

        var name = new StringBuilder(Math.Min(text.Length, LongestName));
        foreach (var character in Characters(text))
        {
            var clean = character.Any(char.IsControl) ? " " : character;
            if (name.Length == 0 && !clean.EnumerateRunes().Any(IsVisible))
            {
                continue;
            }

            if (name.Length + clean.Length > LongestName)
            {
                break;
            }

            name.Append(clean);
        }

        var cut = name.ToString().TrimEnd();
        return cut.Length == 0 ? null : cut;
    }

    /// <summary>
    /// An e-mail address; null when the text is none, holds characters that nobody sees, or names a guest of an Entra tenant
    /// (<c>ada_example.com#EXT#@tenant…</c>), where no mail arrives. Without what nobody sees it would be the address of somebody else.
    /// </summary>
    public static string? Email(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var email = Lower(text.Trim(' ', '\t', '\r', '\n'));
        return email.Length > 0 && !email.EnumerateRunes().Any(IsHidden) && Encoding.UTF8.GetByteCount(email) <= LongestEmail && !email.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '\uFFFD')
            && !email.Contains("#ext#", StringComparison.Ordinal) ? email : null;
    }

    // No letter is mapped to an ASCII letter: the Kelvin sign is not a k.
    private static string Lower(string text) => string.Concat(text.Select(c => char.ToLowerInvariant(c) is var lower && (char.IsAscii(c) || !char.IsAscii(lower)) ? lower : c));

    /// <summary>A picture's address, if a browser may show it and it is short enough for a cookie.</summary>
    public static string? Picture(string? text)
    {
        text = text?.Trim();
        return text is { Length: > 0 and <= LongestPicture } && Encoding.UTF8.GetByteCount(text) <= LongestPicture && !text.Any(char.IsControl)
            && WebUri.TryParse(text, out var uri)
                ? text
                : null;
    }

    /// <summary>Whether all that is shown of a person fits into a cookie; the picture has to go where it does not.</summary>
    public static bool Fits(string? name, string? email, string? picture) =>
        InToken(name) + InToken(email) + InToken(picture) <= LongestProfile;

    // A token writes characters beyond the first plane as two escapes of six bytes.
    private static int InToken(string? text) => text is null ? 0 : JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.Length;

    /// <summary>What is wrong with a subject that no store can keep, that writes lines of its own into a log, or that a cleaned character makes another's; null when nothing is.</summary>
    public static string? SubjectProblem(string subject) =>
        subject.Length == 0 ? "is empty"
        : EndOfAll.IsName(subject) ? "is reserved"
        : subject.Length > LongestSubject ? $"has {subject.Length} characters; {LongestSubject} are kept"
        : Encoding.UTF8.GetByteCount(subject) is > StoredText.IndexedBytes and var size ? $"has {size} bytes in UTF-8; {StoredText.IndexedBytes} are kept"
        : subject.EnumerateRunes().Any(rune => Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 || rune == Rune.ReplacementChar) ? "holds a character that cannot be kept"
        : null;

    /// <summary>Whether a flag is set, in the forms that providers have for it; null when it is neither.</summary>
    public static bool? Flag(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        "true" or "1" or "yes" => true,
        "false" or "0" or "no" => false,
        _ => null,
    };

    private static IEnumerable<string> Characters(string text)
    {
        for (var characters = StringInfo.GetTextElementEnumerator(text); characters.MoveNext();)
        {
            yield return characters.GetTextElement();
        }
    }

    // Letters that are blank: Hangul fillers, the empty Braille pattern.
    private static bool IsVisible(Rune rune) => rune.Value is not (0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.OtherNotAssigned);

    // Formats, fillers, the empty Braille pattern, variation selectors and what else Unicode lets programs not show (Default_Ignorable_Code_Point).
    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2065 or 0x2800 or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or (>= 0xFFF0 and <= 0xFFF8) or (>= 0xE0000 and <= 0xE0FFF);
}
