namespace BlazorAuth.Pages;

/// <summary>What every built-in page knows.</summary>
public sealed class AuthPageModel
{
    /// <summary>The app's name.</summary>
    public required string AppName { get; init; }

    /// <summary>The address of the app's mark; <see langword="null"/> for the first letter of its name.</summary>
    public string? Logo { get; init; }

    /// <summary>The path base, without a slash at the end.</summary>
    public required string PathBase { get; init; }

    /// <summary>The CSRF token that every form carries.</summary>
    public required string CsrfToken { get; init; }

    /// <summary>Where the person goes afterwards: an absolute, checked address.</summary>
    public required string CallbackUrl { get; init; }

    /// <summary>The address of the stylesheet.</summary>
    public required string StyleSheet { get; init; }

    /// <summary>The address of the script, which only enhances.</summary>
    public required string Script { get; init; }
}

/// <summary>What the sign-in page shows.</summary>
public sealed class SignInPageModel
{
    /// <summary>What every page knows.</summary>
    public required AuthPageModel Page { get; init; }

    /// <summary>The providers to choose from.</summary>
    public required IReadOnlyList<AuthProvider> Providers { get; init; }

    /// <summary>The form of a credentials provider, by its id.</summary>
    public required Func<string, CredentialsProvider?> Credentials { get; init; }

    /// <summary>Why the person is here, if something happened.</summary>
    public AuthMessage? Message { get; init; }

    /// <summary>What finds the failure in the log.</summary>
    public string? Reference { get; init; }

    /// <summary>The provider that just failed, to be tried again.</summary>
    public AuthProvider? RetryProvider { get; init; }

    /// <summary>In Development: the providers that were added but have no keys.</summary>
    public IReadOnlyList<string> WithoutKeys { get; init; } = [];
}

/// <summary>What the provider page shows.</summary>
public sealed class ProviderPageModel
{
    /// <summary>What every page knows.</summary>
    public required AuthPageModel Page { get; init; }

    /// <summary>The provider.</summary>
    public required AuthProvider Provider { get; init; }

    /// <summary>Whether a signed-in person is asked to show once more that it is them.</summary>
    public bool IsFresh { get; init; }
}

/// <summary>What the sign-out page shows.</summary>
public sealed class SignOutPageModel
{
    /// <summary>What every page knows.</summary>
    public required AuthPageModel Page { get; init; }

    /// <summary>Who is signed in; <see langword="null"/> when nobody is.</summary>
    public Session? Session { get; init; }
}

/// <summary>What the error page shows.</summary>
public sealed class ErrorPageModel
{
    /// <summary>What every page knows.</summary>
    public required AuthPageModel Page { get; init; }

    /// <summary>What happened and what to do.</summary>
    public required AuthMessage Message { get; init; }

    /// <summary>The provider to try again with; <see langword="null"/> when another try would not help.</summary>
    public AuthProvider? Provider { get; init; }

    /// <summary>What finds the failure in the log; empty when there is nothing to find.</summary>
    public string Reference { get; init; } = "";
}
