using System.Collections.Frozen;
using System.Globalization;
using System.Resources;
using BlazorAuth.Http.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace BlazorAuth.Texts;

/// <summary>Finds the language for a person: <c>ui_locales</c>, a cookie, the host's own choice, <c>Accept-Language</c>, the default.</summary>
internal sealed class LanguageChoice
{
    internal static readonly string[] BuiltIn = ["en", "de", "fr", "es", "pt-BR", "ja", "zh-Hans", "ar"];

    private readonly AuthTexts _default;

    public LanguageChoice(IOptions<AuthOptions> options)
    {
        var texts = options.Value.Pages.Texts;
        var english = Read("en");
        var all = BuiltIn.Union(texts.Overrides.Keys, StringComparer.OrdinalIgnoreCase);
        Offered = [.. all
            .Where(tag => texts.Offered.Count == 0 || texts.Offered.Contains(tag, StringComparer.OrdinalIgnoreCase))
            .Select(tag => Create(tag, english, texts))];
        _default = Match(texts.Default) ?? Offered[0];
    }

    /// <summary>The languages to choose from.</summary>
    public IReadOnlyList<AuthTexts> Offered { get; }

    /// <summary>The language for a request.</summary>
    public AuthTexts For(HttpContext http) =>
        Asked(http) ?? Match(CookieHeader.Find(http.Request, CookieNames.Language)) ?? HostsChoice(http) ?? Accepted(http.Request) ?? _default;

    /// <summary>The language that the address asks for: OpenID Connect's <c>ui_locales</c>, a list of tags.</summary>
    public AuthTexts? Asked(HttpContext http) => http.Request.Query.TryGetValue("ui_locales", out var values) && values.Count > 0
        ? values[^1]!.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(10).Select(Match).FirstOrDefault(texts => texts is not null)
        : null;

    /// <summary>The offered language that fits a tag best; null when none does.</summary>
    public AuthTexts? Match(string? tag)
    {
        if (string.IsNullOrEmpty(tag) || tag.Length > 35)
        {
            return null;
        }

        return Offered.FirstOrDefault(texts => texts.Language.Equals(tag, StringComparison.OrdinalIgnoreCase))
            ?? (IsTraditionalChinese(tag) ? null : Offered.FirstOrDefault(texts => Primary(texts.Language).Equals(Primary(tag), StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>What is wrong with the app's own texts, naming the remedy.</summary>
    public static IEnumerable<string> Problems(AuthTextOptions options)
    {
        var english = Read("en");
        foreach (var (language, texts) in options.Overrides)
        {
            foreach (var key in texts.Keys.Where(key => !english.ContainsKey(key)))
            {
                yield return $"AuthOptions.Pages.Texts has a text '{key}' for '{language}', but no page shows it. The keys are in BlazorAuth.Core/Texts/en.resx.";
            }
        }

        foreach (var tag in options.Offered.Append(options.Default).Where(tag => !BuiltIn.Union(options.Overrides.Keys).Contains(tag, StringComparer.OrdinalIgnoreCase)))
        {
            yield return $"AuthOptions.Pages.Texts names the language '{tag}', which has no texts. Available: {string.Join(", ", BuiltIn)}. Add others with Texts.Add.";
        }
    }

    /// <summary>The texts of a language as they are built in, before any option.</summary>
    internal static Dictionary<string, string> Read(string tag)
    {
        using var stream = typeof(LanguageChoice).Assembly.GetManifestResourceStream($"BlazorAuth.Pages.Texts.{tag}.resources")!;
        using var reader = new ResourceReader(stream);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry entry in reader)
        {
            texts[(string)entry.Key] = (string)entry.Value!;
        }

        return texts;
    }

    private static AuthTexts Create(string tag, Dictionary<string, string> english, AuthTextOptions options)
    {
        var texts = new Dictionary<string, string>(english, StringComparer.Ordinal);
        var own = BuiltIn.Contains(tag, StringComparer.OrdinalIgnoreCase) ? Read(BuiltIn.First(known => known.Equals(tag, StringComparison.OrdinalIgnoreCase))) : [];
        foreach (var (key, text) in own.Concat(options.Overrides.GetValueOrDefault(tag) ?? []))
        {
            texts[key] = text;
        }

        return new AuthTexts(tag, texts.ToFrozenDictionary(StringComparer.Ordinal));
    }

    private AuthTexts? HostsChoice(HttpContext http) =>
        http.Features.Get<IRequestCultureFeature>() is { } feature ? Match(feature.RequestCulture.UICulture.Name) : null;

    private AuthTexts? Accepted(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var accepted)
            ? accepted.Where(value => value.Quality is not 0).Take(20)
                .OrderByDescending(value => value.Quality ?? 1)
                .Select(value => Match(value.Value.Value))
                .FirstOrDefault(texts => texts is not null)
            : null;

    private static string Primary(string tag) => tag.Split('-', 2)[0];

    private static bool IsTraditionalChinese(string tag) =>
        tag.StartsWith("zh-", StringComparison.OrdinalIgnoreCase)
        && tag.Split('-').Any(part => part.ToLowerInvariant() is "hant" or "tw" or "hk" or "mo");
}
