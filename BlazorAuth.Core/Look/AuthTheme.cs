using System.Text;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Look;

/// <summary>The style sheet that the options write: layers, the host's style sheets below the built-in ones, a bridge, the app's values for the variables.</summary>
internal sealed class AuthTheme(IOptions<AuthOptions> options)
{
    /// <summary>The CSS variables that an app may set, without <c>--ba-</c>.</summary>
    internal static readonly string[] Variables =
    [
        "font", "font-size", "background", "background-image", "surface", "text", "muted", "border", "hairline", "accent", "accent-text", "link", "focus",
        "button", "button-text", "button-border", "danger", "danger-surface", "calm-surface", "radius", "space", "width", "shadow", "control",
    ];

    private readonly AuthPageOptions _pages = options.Value.Pages;

    public bool IsEmpty => _pages.Variables.Count == 0 && _pages.HostStyleSheets.Count == 0 && _pages.Bridge == AuthBridge.None && _pages.Background is null;

    public string Write(string pathBase)
    {
        var css = new StringBuilder("@layer host, blazorauth, blazorauth-bridge;\n");
        foreach (var sheet in _pages.HostStyleSheets)
        {
            css.Append("@import url(\"").Append(pathBase).Append(sheet).Append("\") layer(host);\n");
        }

        if (_pages.Bridge != AuthBridge.None)
        {
            css.Append(AuthAssets.Text(BridgeSheet(_pages.Bridge)));
        }

        css.Append(":root {\n");
        if (_pages.Background is { } background)
        {
            css.Append("  --ba-background-image: url(\"").Append(pathBase).Append(background).Append("\");\n");
        }

        var set = _pages.Variables.Select(pair => (Name: pair.Key, pair.Value)).Concat(ReadableAccent.Complete(_pages.Variables.AsReadOnly()));
        foreach (var (name, value) in set.OrderBy(pair => pair.Name, StringComparer.Ordinal))
        {
            css.Append("  --ba-").Append(name).Append(": ").Append(value).Append(";\n");
        }

        css.Append("}\n");
        if (_pages.Background is not null)
        {
            // There the card fills the page, and text on a picture is unreadable.
            css.Append("@media (max-width: 26rem) { :root { --ba-background-image: none; } }\n");
        }

        return css.ToString();
    }

    /// <summary>What is wrong with the options of the look, naming the remedy.</summary>
    public static IEnumerable<string> Problems(AuthPageOptions pages)
    {
        foreach (var (name, value) in pages.Variables)
        {
            if (!Variables.Contains(name, StringComparer.Ordinal))
            {
                yield return $"'{name}' in AuthOptions.Pages.Variables is not a variable of the pages. Use one of: {string.Join(", ", Variables)}.";
            }

            if (value.AsSpan().IndexOfAny("{};<\n") >= 0)
            {
                yield return $"The value of '{name}' in AuthOptions.Pages.Variables is more than a single CSS value. Put rules into a style sheet, and add it to StyleSheets.";
            }
        }

        foreach (var path in pages.StyleSheets.Concat(pages.HostStyleSheets).Concat(pages.Marks.Values).Append(pages.Background).OfType<string>())
        {
            if (!path.StartsWith('/') || path.StartsWith("//", StringComparison.Ordinal) || path.AsSpan().IndexOfAny("\"\\\n") >= 0)
            {
                yield return $"'{path}' in AuthOptions.Pages is not a path of the app. Start it with a single slash: /brand.css. The pages load nothing from other origins.";
            }
        }
    }

    private static string BridgeSheet(AuthBridge bridge) => bridge switch
    {
        AuthBridge.Bootstrap => "bridge-bootstrap.css",
        AuthBridge.FluentUi => "bridge-fluent-ui.css",
        AuthBridge.MudBlazor => "bridge-mudblazor.css",
        _ => "bridge-tailwind.css",
    };
}
