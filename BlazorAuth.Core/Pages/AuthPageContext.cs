using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;

namespace BlazorAuth.Pages;

/// <summary>What every built-in page knows. Slots and replaced pages get it as a cascading value or as their model's <c>Page</c>.</summary>
public sealed record AuthPageContext
{
    /// <summary>The app's name.</summary>
    public required string AppName { get; init; }

    /// <summary>The address of the app's mark; <see langword="null"/> for the first letter of its name.</summary>
    public string? Logo { get; init; }

    /// <summary>The address of the icon in the browser's tab; <see langword="null"/> for none.</summary>
    public string? Icon { get; init; }

    /// <summary>The path base, without a slash at the end.</summary>
    public required string PathBase { get; init; }

    /// <summary>The CSRF token that every form carries as <c>csrfToken</c>.</summary>
    public required string CsrfToken { get; init; }

    /// <summary>Where the person goes afterwards: an absolute, checked address. Forms carry it as <c>callbackUrl</c>.</summary>
    public required string ReturnUrl { get; init; }

    /// <summary>The name of the page that the person goes to afterwards; <see langword="null"/> when it has none.</summary>
    public string? ReturnPageName { get; init; }

    /// <summary>The texts in the person's language.</summary>
    public required AuthTexts Texts { get; init; }

    /// <summary>The languages to choose from.</summary>
    public IReadOnlyList<AuthLanguageLink> Languages { get; init; } = [];

    /// <summary>The style sheets, in order.</summary>
    public required IReadOnlyList<string> StyleSheets { get; init; }

    /// <summary>The address of the script, which only enhances.</summary>
    public required string Script { get; init; }

    /// <summary>Light, dark, or what the device prefers.</summary>
    public AuthColorScheme ColorScheme { get; init; }

    /// <summary>The component library whose look the page takes.</summary>
    public AuthBridge Bridge { get; init; }

    /// <summary>The links below the page: address and text.</summary>
    public IReadOnlyList<AuthLink> Links { get; init; } = [];

    /// <summary>Marks of providers by id.</summary>
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
/// <param name="Address">Where it leads.</param>
/// <param name="Text">What it says.</param>
public sealed record AuthLink(string Address, string Text);

/// <summary>A language to choose.</summary>
/// <param name="Language">Its tag.</param>
/// <param name="Name">Its name in itself.</param>
/// <param name="Address">The same page in this language.</param>
/// <param name="IsCurrent">Whether the page is in it already.</param>
public sealed record AuthLanguageLink(string Language, string Name, string Address, bool IsCurrent);
