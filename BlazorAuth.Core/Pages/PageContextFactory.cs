using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Look;
using BlazorAuth.Texts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Pages;

/// <summary>Makes what every page knows, from the request and the options.</summary>
internal sealed class PageContextFactory(
    IOptions<AuthOptions> options, AuthAssets assets, AuthTheme theme, LanguageChoice languages, ReturnPageNames names, AppIcon icon)
{
    /// <summary>The parameters that a page keeps when it is shown in another language.</summary>
    private static readonly string[] Kept = ["error", "reason", "provider", "reference", "callbackUrl", "done", "fresh", "session", "scheme"];

    private readonly AuthPageOptions _pages = options.Value.Pages;

    public AuthPageContext Of(AuthRequest request)
    {
        var texts = Language(request);
        var pathBase = request.Address.PathBase.Value ?? "";
        return new AuthPageContext
        {
            AppName = DisplayText.Clean(_pages.AppName),
            Logo = _pages.Logo is ['/', ..] logo ? pathBase + logo : _pages.Logo,
            Icon = icon.Address is ['/', ..] own ? pathBase + own : icon.Address,
            PathBase = pathBase,
            CsrfToken = request.Csrf.Value,
            ReturnUrl = request.ReturnUrl.Text,
            ReturnPageName = NameOfReturnPage(request, texts),
            Texts = texts,
            Languages = [.. languages.Offered.Select(offered => Link(request, offered, texts))],
            StyleSheets = StyleSheets(pathBase),
            Script = assets.Address(pathBase, AuthAssets.Script),
            ColorScheme = ColorScheme(request.Http.Request),
            Bridge = _pages.Bridge,
            Links = [.. Links(pathBase, texts)],
            Marks = _pages.Marks.ToDictionary(mark => mark.Key, mark => pathBase + mark.Value, StringComparer.Ordinal),
            Slots = _pages.Slots,
        };
    }

    /// <summary>Whether the person is on the way to a page that needs a session.</summary>
    public bool NeedsSignIn(AuthRequest request) => names.Of(request.Address, request.ReturnUrl.Text, languages.Offered[0]).NeedsSignIn;

    // A language that was chosen by a link is kept: the next page has no ui_locales.
    private AuthTexts Language(AuthRequest request)
    {
        var texts = languages.For(request.Http);
        if (languages.Asked(request.Http) is not null && CookieHeader.Find(request.Http.Request, CookieNames.Language) != texts.Language)
        {
            request.Http.Response.Cookies.Append(CookieNames.Language, texts.Language, new CookieOptions
            {
                Path = "/", HttpOnly = true, Secure = request.Address.IsSecure, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365),
            });
        }

        return texts;
    }

    private string? NameOfReturnPage(AuthRequest request, AuthTexts texts)
    {
        var name = DisplayText.Clean(names.Of(request.Address, request.ReturnUrl.Text, texts).Name);
        return name.Length == 0 ? null : name;
    }

    private static AuthLanguageLink Link(AuthRequest request, AuthTexts offered, AuthTexts current)
    {
        var query = Kept.Where(name => request.Query(name) is not null)
            .Select(name => (name, name == "callbackUrl" ? request.ReturnUrl.Text : Plain(request.Query(name)!)))
            .Append(("ui_locales", offered.Language));
        return new AuthLanguageLink(
            offered.Language, offered["Language.Name"], PageAddresses.With(request.Http.Request.PathBase + request.Http.Request.Path, [.. query]),
            offered.Language == current.Language);
    }

    // Anyone can write the address, so unknown values are not passed on.
    private static string Plain(string value) =>
        value.Length <= 64 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? value : "unknown";

    private List<string> StyleSheets(string pathBase)
    {
        var sheets = new List<string>();
        if (!theme.IsEmpty)
        {
            // First, because it declares the order of the layers.
            sheets.Add(assets.Address(pathBase, AuthAssets.Theme));
        }

        sheets.Add(assets.Address(pathBase, AuthAssets.StyleSheet));
        sheets.AddRange(_pages.StyleSheets.Select(sheet => pathBase + sheet));
        return sheets;
    }

    private AuthColorScheme ColorScheme(HttpRequest request) => CookieHeader.Find(request, CookieNames.ColorScheme) switch
    {
        "light" => AuthColorScheme.Light,
        "dark" => AuthColorScheme.Dark,
        // Bootstrap's variables are light unless the document is marked as dark.
        _ => _pages is { ColorScheme: AuthColorScheme.Auto, Bridge: AuthBridge.Bootstrap } ? AuthColorScheme.Light : _pages.ColorScheme,
    };

    private IEnumerable<AuthLink> Links(string pathBase, AuthTexts texts)
    {
        foreach (var (address, key) in new[] { (_pages.Terms, "Footer.Terms"), (_pages.Privacy, "Footer.Privacy"), (_pages.Help, "Footer.Help") })
        {
            if (address is not null)
            {
                yield return new AuthLink(address is ['/', not '/', ..] or "/" ? pathBase + address : address, texts[key]);
            }
        }
    }
}
