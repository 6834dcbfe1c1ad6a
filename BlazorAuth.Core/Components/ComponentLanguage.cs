using System.Globalization;
using BlazorAuth.Texts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Components;

/// <summary>The language for BlazorAuth's texts in the app's own pages: read from the request, and handed on to the circuit, which has no request.</summary>
internal sealed class ComponentLanguage(LanguageChoice languages)
{
    /// <summary>The language's tag; null when the page was never rendered by a request.</summary>
    [PersistentState]
    public string? Tag { get; set; }

    public AuthTexts For(HttpContext? http)
    {
        if (http is not null)
        {
            Tag = languages.For(http).Language;
        }

        return languages.Match(Tag) ?? languages.Match(CultureInfo.CurrentUICulture.Name) ?? languages.Offered[0];
    }
}
