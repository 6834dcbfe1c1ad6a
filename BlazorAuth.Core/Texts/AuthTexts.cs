using System.Collections.Frozen;
using System.Globalization;
using BlazorAuth.Texts;

namespace BlazorAuth;

/// <summary>The texts of the pages in one language.</summary>
public sealed class AuthTexts
{
    private readonly FrozenDictionary<string, string> _texts;

    internal AuthTexts(string language, FrozenDictionary<string, string> texts)
    {
        Language = language;
        Culture = CultureOf(language);
        _texts = texts;
    }

    /// <summary>The language tag, such as <c>pt-BR</c>: the value of <c>lang</c>.</summary>
    public string Language { get; }

    /// <summary>The culture that formats dates and numbers.</summary>
    public CultureInfo Culture { get; }

    /// <summary>Whether the language is written from right to left.</summary>
    public bool IsRightToLeft => Culture.TextInfo.IsRightToLeft;

    /// <summary>The value of <c>dir</c>.</summary>
    public string Direction => IsRightToLeft ? "rtl" : "ltr";

    /// <summary>A text by its key.</summary>
    /// <exception cref="KeyNotFoundException">There is no such text.</exception>
    public string this[string key] => _texts.TryGetValue(key, out var text) ? text : throw new KeyNotFoundException($"Unknown text '{key}'.");

    /// <summary>
    /// A text by its key, with values for its placeholders <c>{0}</c>, <c>{1}</c>. Values are untrusted: control characters are removed, very long
    /// ones are cut, and text in another direction than the page is isolated.
    /// </summary>
    /// <exception cref="KeyNotFoundException">There is no such text.</exception>
    public string this[string key, params ReadOnlySpan<string?> values]
    {
        get
        {
            var clean = new object[values.Length];
            for (var i = 0; i < values.Length; i++)
            {
                clean[i] = DisplayText.Isolate(DisplayText.Clean(values[i]), IsRightToLeft);
            }

            return string.Format(Culture, this[key], clean);
        }
    }

    internal IEnumerable<string> Keys => _texts.Keys;

    private static CultureInfo CultureOf(string language)
    {
        try
        {
            return CultureInfo.GetCultureInfo(language);
        }
        catch (CultureNotFoundException)
        {
            // A system without culture data: English formats, with the language's own texts.
            return CultureInfo.InvariantCulture;
        }
    }
}
