using BlazorAuth.Pages;
using Microsoft.AspNetCore.Components;

namespace BlazorAuth;

/// <summary>Pages of the app that replace the built-in ones, and the look and the texts of the built-in ones.</summary>
public sealed class AuthPageOptions
{
    /// <summary>The path of the app's own sign-in page. Default: none, the built-in page is shown.</summary>
    public string? SignIn { get; set; }

    /// <summary>The path of the app's own sign-out page. Default: none.</summary>
    public string? SignOut { get; set; }

    /// <summary>The path of the app's own error page. Default: none.</summary>
    public string? Error { get; set; }

    /// <summary>The path of the app's own "Check your email" page. Default: none.</summary>
    public string? VerifyRequest { get; set; }

    /// <summary>The path of the app's own account page. Default: none.</summary>
    public string? Account { get; set; }

    /// <summary>The path of the app's own page of devices. Default: none.</summary>
    public string? Sessions { get; set; }

    /// <summary>The app's name on the built-in pages. Default: the host's application name.</summary>
    [SettingName("APP_NAME")]
    public string? AppName { get; set; }

    /// <summary>The address of the app's logo on the built-in pages: a path in the app or an https address. Default: the first letter of its name.</summary>
    public string? Logo { get; set; }

    /// <summary>
    /// The address of the icon in the browser's tab: a path in the app or an https address. Default: the app's own <c>favicon.svg</c>, <c>.png</c>
    /// or <c>.ico</c> in <c>wwwroot</c>, otherwise <see cref="Logo"/>.
    /// </summary>
    public string? Icon { get; set; }

    /// <summary>The address of the terms of service, linked at the bottom of every page. Default: none.</summary>
    public string? Terms { get; set; }

    /// <summary>The address of the privacy policy, linked at the bottom of every page. Default: none.</summary>
    public string? Privacy { get; set; }

    /// <summary>The address of a help page, linked at the bottom of every page. Default: none.</summary>
    public string? Help { get; set; }

    /// <summary>The address of an image behind the card: a path in the app. Default: none, the plain background.</summary>
    public string? Background { get; set; }

    /// <summary>
    /// Light, dark, or whatever the device prefers (default). A cookie <c>blazorauth.color-scheme</c> with the value <c>light</c> or <c>dark</c>,
    /// which the app sets when someone chooses, takes precedence.
    /// </summary>
    public AuthColorScheme ColorScheme { get; set; }

    /// <summary>
    /// Values for the pages' CSS variables, without <c>--ba-</c>: <c>Variables["accent"] = "#7c3aed"</c>. Default: none. <c>docs/pages.md</c> lists
    /// them. <c>light-dark(#7c3aed, #c4b5fd)</c> sets a value for each scheme.
    /// </summary>
    public IDictionary<string, string> Variables { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The app's own style sheets, linked after the built-in ones so that they take precedence: paths in the app. Default: none.</summary>
    public IList<string> StyleSheets { get; } = [];

    /// <summary>
    /// Style sheets of the host's design, such as Bootstrap's, loaded in a cascade layer below the built-in ones: their variables apply, and their
    /// rules can't break the pages. Paths in the app. Default: none.
    /// </summary>
    public IList<string> HostStyleSheets { get; } = [];

    /// <summary>The component library whose colors, font and corners the pages use. Default: none.</summary>
    public AuthBridge Bridge { get; set; }

    /// <summary>
    /// Whether the account page and <see cref="UserMenu"/> show the user's picture from the provider, loaded by their browser from the provider's servers without a referrer.
    /// Default: false, initials. Google and GitHub are known; <see cref="PictureHosts"/> names the servers of others.
    /// </summary>
    public bool Pictures { get; set; }

    /// <summary>Additional origins of pictures, such as <c>https://pictures.example.com</c>. Default: none. They apply if <see cref="Pictures"/> is true.</summary>
    public IList<string> PictureHosts { get; } = [];

    /// <summary>Whether the provider page continues automatically, using script. Default: false, the user presses Continue.</summary>
    public bool AutoContinue { get; set; }

    /// <summary>
    /// Whether the sign-in page puts the provider first that was last used in this browser. Default: true. This uses a cookie with the provider's
    /// ID, and nothing about the user.
    /// </summary>
    public bool RememberProvider { get; set; } = true;

    /// <summary>How long the last provider is remembered. Default: 180 days.</summary>
    public TimeSpan RememberProviderFor { get; set; } = TimeSpan.FromDays(180);

    /// <summary>
    /// Returns the name of the page that a person is about to visit, for "to continue to …"; <see langword="null"/> for none. Default: the page's
    /// <c>[DisplayName]</c>, otherwise the last fixed part of its route. It is called only for addresses that are pages of the app.
    /// </summary>
    public Func<ReturnPage, string?>? PageName { get; set; }

    /// <summary>The text for a failure, in place of the built-in one; <see langword="null"/> keeps the built-in one. Default: none.</summary>
    public Func<AuthErrorText, AuthMessage?>? ErrorText { get; set; }

    /// <summary>Logos for provider buttons, by provider ID: paths in the app. Default: built-in logos for Google and GitHub, a letter for others.</summary>
    public IDictionary<string, string> Marks { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The languages of the pages, and their texts.</summary>
    public AuthTextOptions Texts { get; } = new();

    /// <summary>The components that fill slots.</summary>
    internal Dictionary<AuthSlot, Type> Slots { get; } = [];

    /// <summary>The components that replace pages, by the model they take.</summary>
    internal Dictionary<Type, Type> Replacements { get; } = [];

    /// <summary>Puts a component into a slot of every built-in page. It may take the <see cref="AuthPageContext"/> as a cascading parameter.</summary>
    public AuthPageOptions Fill<TComponent>(AuthSlot slot)
        where TComponent : IComponent
    {
        Slots[slot] = typeof(TComponent);
        return this;
    }

    /// <summary>
    /// Shows a component in place of the built-in page that has the same model: <c>@inherits AuthPage&lt;SignOutPageModel&gt;</c> replaces the
    /// sign-out page. All other pages stay as they are.
    /// </summary>
    public AuthPageOptions Replace<TPage>()
        where TPage : AuthPage
    {
        Replacements[AuthPage.ModelOf(typeof(TPage))] = typeof(TPage);
        return this;
    }
}

/// <summary>Light or dark.</summary>
public enum AuthColorScheme
{
    /// <summary>What the device prefers.</summary>
    Auto,

    /// <summary>Always light.</summary>
    Light,

    /// <summary>Always dark.</summary>
    Dark,
}

/// <summary>A component library whose look the pages adopt.</summary>
public enum AuthBridge
{
    /// <summary>None: the pages' own look.</summary>
    None,

    /// <summary>Bootstrap 5.3; list its style sheet in <see cref="AuthPageOptions.HostStyleSheets"/>.</summary>
    Bootstrap,

    /// <summary>Fluent UI Blazor 4 and 5. Its tokens are set by script, so the pages take its default brand unless <see cref="AuthPageOptions.Variables"/> says otherwise.</summary>
    FluentUi,

    /// <summary>MudBlazor. Its palette is set by a component, so the pages take its default palette unless <see cref="AuthPageOptions.Variables"/> says otherwise.</summary>
    MudBlazor,

    /// <summary>Tailwind CSS 4; list its built style sheet in <see cref="AuthPageOptions.HostStyleSheets"/>.</summary>
    Tailwind,
}

/// <summary>A place in the built-in pages for a component of the app.</summary>
public enum AuthSlot
{
    /// <summary>In place of the logo and the name at the top of every page.</summary>
    Header,

    /// <summary>Above the providers of the sign-in page.</summary>
    AboveProviders,

    /// <summary>Below the providers of the sign-in page.</summary>
    BelowProviders,

    /// <summary>At the bottom, above the legal links.</summary>
    Footer,

    /// <summary>
    /// The content of a provider's button: logo and text. The component takes a parameter <c>Provider</c> of type <see cref="AuthProvider"/>, and may
    /// take a <see cref="ProviderButtonModel"/> with the text as a cascading parameter; put the text that becomes "Opening …" in an element with
    /// <c>data-ba-label</c>.
    /// </summary>
    ProviderButton,
}

/// <summary>A page of the app that a person is about to visit.</summary>
/// <param name="Path">Its path below the path base.</param>
/// <param name="Route">Its route, such as <c>/reports/{id:int}</c>.</param>
/// <param name="Language">The language to name it in.</param>
public sealed record ReturnPage(string Path, string Route, string Language);

/// <summary>A failure to describe to the person.</summary>
/// <param name="Code">The code, one of <see cref="AuthError"/>, or any other text from the address.</param>
/// <param name="Reason">The detailed reason.</param>
/// <param name="Provider">The provider's name, if one was involved.</param>
/// <param name="Texts">The texts in the person's language.</param>
public sealed record AuthErrorText(string Code, AuthErrorReason Reason, string? Provider, AuthTexts Texts);
