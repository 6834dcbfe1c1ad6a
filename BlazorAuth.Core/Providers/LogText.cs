using System.Text.RegularExpressions;
using BlazorAuth.Http;

namespace BlazorAuth.Providers;

/// <summary>Texts from outside, fit for a line of the log: short, on one line, and without what is secret or personal.</summary>
internal static partial class LogText
{
    private const int Longest = 200;

    /// <summary>A text that somebody has to read to find a mistake, such as the ID of a key; without addresses and tokens.</summary>
    public static string Printable(string? text) => text is null ? ""
        : Cut(Token().Replace(Mail().Replace(new string([.. text.Take(2 * Longest).Select(c => IsPrintable(c) ? c : '?')]), "…"), "…"));

    /// <summary>The issuer that somebody claims to be: a web address, without what does not belong to an issuer.</summary>
    public static string Issuer(string? text) => WebUri.TryParse(text, out _) ? Printable(text!.Split('?', '#')[0]) : "(no web address)";

    /// <summary>What a provider says about a failure in its own words.</summary>
    public static string Description(string text)
    {
        var clean = new string([.. text.Select(c => IsPrintable(c) ? c : ' ')]);
        return Cut(Secret().Replace(Mail().Replace(clean, "…"), "…").Trim());
    }

    /// <summary>Whether a word may be a code, a token, a key or an ID.</summary>
    public static bool IsSecret(string word) => Secret().IsMatch(word);

    private static string Cut(string text) => text.Length > Longest ? text[..Longest] + "…" : text;

    private static bool IsPrintable(char c) => !char.IsControl(c) && !char.IsSurrogate(c) && c is not ('\u2028' or '\u2029');

    [GeneratedRegex(@"[^\s<>""'(),;:]+(@|%40)[^\s<>""'(),;:]+", RegexOptions.IgnoreCase)]
    private static partial Regex Mail();

    // The beginning of a JSON object in base64.
    [GeneratedRegex(@"eyJ[A-Za-z0-9_.+/=-]{5,}")]
    private static partial Regex Token();

    // Long runs of letters and digits that are not words; but Microsoft's numbers of errors.
    [GeneratedRegex(@"(?<![A-Za-z0-9])(?!AADSTS[0-9]{4,8}(?![A-Za-z0-9]))((?=[A-Za-z0-9_.~+/=-]*[0-9])[A-Za-z0-9_.~+/=-]{12,}|[A-Za-z0-9_.~+/=-]{20,})")]
    private static partial Regex Secret();
}
