using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;

namespace BlazorAuth.Pages;

/// <summary>The data of every built-in page. Slots and replaced pages get it as a cascading value or as their model's <c>Page</c>.</summary>
public sealed record AuthPageContext
{
    /// <summary>The app's name.</summary>
    public required string AppName { get; init; }

    /// <summary>The address of the app's logo; <see langword="null"/> for the first letter of its name.</summary>
    public string? Logo { get; init; }

    /// <summary>The address of the icon in the browser's tab; <see langword="null"/> for none.</summary>
    public string? Icon { get; init; }

    /// <summary>The path base, without a trailing slash.</summary>
    public required string PathBase { get; init; }

    /// <summary>The CSRF token that every form sends as <c>csrfToken</c>.</summary>
    public required string CsrfToken { get; init; }

    /// <summary>Where the person goes afterwards: an absolute, checked address. Forms send it as <c>callbackUrl</c>.</summary>
    public required string ReturnUrl { get; init; }

    /// <summary>The name of the page that the person goes to afterwards; <see langword="null"/> when it has none.</summary>
    public string? ReturnPageName { get; init; }

    /// <summary>The texts in the person's language.</summary>
    public required AuthTexts Texts { get; init; }

    /// <summary>The languages to choose from.</summary>
    public IReadOnlyList<AuthLanguageLink> Languages { get; init; } = [];

    /// <summary>The style sheets, in order.</summary>
    public required IReadOnlyList<string> StyleSheets { get; init; }

    /// <summary>The address of the script; pages work without it.</summary>
    public required string Script { get; init; }

    /// <summary>Light, dark, or what the device prefers.</summary>
    public AuthColorScheme ColorScheme { get; init; }

    /// <summary>The component library whose look the page adopts.</summary>
    public AuthBridge Bridge { get; init; }

    /// <summary>The links below the page: address and text.</summary>
    public IReadOnlyList<AuthLink> Links { get; init; } = [];

    /// <summary>Marks of providers by ID.</summary>
    internal IReadOnlyDictionary<string, string> Marks { get; init; } = new Dictionary<string, string>();

    internal IReadOnlyDictionary<AuthSlot, Type> Slots { get; init; } = new Dictionary<AuthSlot, Type>();

    /// <summary>The address of the app itself.</summary>
    public string Home => PathBase + "/";

    /// <summary>The address of the sign-in page that leads to the same place.</summary>
    public string SignInAddress => PageAddresses.With(AuthPaths.SignIn(PathBase), ("callbackUrl", ReturnUrl));

    /// <summary>The address that a form posts to in order to sign out.</summary>
    public string SignOutAddress => AuthPaths.SignOut(PathBase);

    /// <summary>The address of the account page.</summary>
    public string AccountAddress => AuthPaths.Account(PathBase);

    /// <summary>The address of the page of devices.</summary>
    public string SessionsAddress => AuthPaths.Sessions(PathBase);
}

/// <summary>A link below a page.</summary>
/// <param name="Address">The link's address.</param>
/// <param name="Text">The link's text.</param>
public sealed record AuthLink(string Address, string Text);

/// <summary>A language to choose.</summary>
/// <param name="Language">Its tag.</param>
/// <param name="Name">Its name in the language itself.</param>
/// <param name="Address">The same page in this language.</param>
/// <param name="IsCurrent">Whether the page is already in this language.</param>
public sealed record AuthLanguageLink(string Language, string Name, string Address, bool IsCurrent);
