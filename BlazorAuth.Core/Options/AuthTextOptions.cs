namespace BlazorAuth;

/// <summary>The languages of the pages, and the app's own texts.</summary>
public sealed class AuthTextOptions
{
    /// <summary>The language for people whose own isn't offered. Default: <c>en</c>.</summary>
    public string Default { get; set; } = "en";

    /// <summary>The languages to offer, by tag. Default: all of them: en, de, fr, es, pt-BR, ja, zh-Hans, ar, and those that were added.</summary>
    public IList<string> Offered { get; } = [];

    /// <summary>By language, what the app says differently.</summary>
    internal Dictionary<string, Dictionary<string, string>> Overrides { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Replaces a text in one language. The keys are listed in <c>BlazorAuth.Core/Texts/en.resx</c>; an unknown key prevents the app from starting.</summary>
    public AuthTextOptions Set(string language, string key, string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(language);
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(text);
        Of(language)[key] = text;
        return this;
    }

    /// <summary>Adds a language, or replaces texts of one. What it leaves out is shown in English.</summary>
    /// <param name="language">Its tag, such as <c>nl</c>.</param>
    /// <param name="name">Its name in the language itself, such as <c>Nederlands</c>.</param>
    /// <param name="texts">The texts by key.</param>
    public AuthTextOptions Add(string language, string name, IEnumerable<KeyValuePair<string, string>> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        Set(language, "Language.Name", name);
        foreach (var (key, text) in texts)
        {
            Set(language, key, text);
        }

        return this;
    }

    private Dictionary<string, string> Of(string language)
    {
        if (!Overrides.TryGetValue(language, out var texts))
        {
            Overrides[language] = texts = new(StringComparer.Ordinal);
        }

        return texts;
    }
}
