namespace BlazorAuth.Pages;

/// <summary>What every built-in page shows.</summary>
public abstract class AuthPageModel
{
    private protected AuthPageModel()
    {
    }

    /// <summary>The data of every page.</summary>
    public required AuthPageContext Page { get; init; }
}

/// <summary>What the sign-in page shows.</summary>
public sealed class SignInPageModel : AuthPageModel
{
    /// <summary>The providers to choose from; the one that was used last in this browser comes first.</summary>
    public required IReadOnlyList<AuthProvider> Providers { get; init; }

    /// <summary>The form of a credentials provider, by its ID.</summary>
    public required Func<string, CredentialsProvider?> Credentials { get; init; }

    /// <summary>The provider that was used last in this browser, if that is known.</summary>
    public AuthProvider? LastUsed { get; init; }

    /// <summary>Why the person is on this page, if something happened.</summary>
    public AuthMessage? Message { get; init; }

    /// <summary>The reference of the failure in the log; empty if there is none.</summary>
    public string Reference { get; init; } = "";

    /// <summary>In Development: why the sign-in failed, for the developer.</summary>
    public string? Detail { get; init; }

    /// <summary>The provider that just failed, to be tried again.</summary>
    public AuthProvider? RetryProvider { get; init; }

    /// <summary>The input of the form that was just rejected, without passwords; <see langword="null"/> if there was none.</summary>
    public RefusedEntry? Refused { get; init; }

    /// <summary>The session of someone who is already signed in; <see langword="null"/> when nobody is.</summary>
    public Session? Session { get; init; }

    /// <summary>In Development: the providers that were added but have no keys.</summary>
    public IReadOnlyList<string> WithoutKeys { get; init; } = [];
}

/// <summary>A credentials form that was just rejected.</summary>
/// <param name="Provider">The provider's ID.</param>
/// <param name="Values">What was entered, by the field's name; never a password.</param>
public sealed record RefusedEntry(string Provider, IReadOnlyDictionary<string, string> Values);

/// <summary>What the provider page shows.</summary>
public sealed class ProviderPageModel : AuthPageModel
{
    /// <summary>The provider.</summary>
    public required AuthProvider Provider { get; init; }

    /// <summary>What is requested from the provider, in words.</summary>
    public required IReadOnlyList<string> Shares { get; init; }

    /// <summary>Whether a signed-in person is asked to confirm their identity.</summary>
    public bool IsFresh { get; init; }

    /// <summary>The form of a credentials provider; <see langword="null"/> for every other provider.</summary>
    public CredentialsProvider? Credentials { get; init; }

    /// <summary>Whether the page continues automatically, using script.</summary>
    public bool AutoContinue { get; init; }
}

/// <summary>What a provider's button shows; the component in <see cref="AuthSlot.ProviderButton"/> may take it as a cascading parameter.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Label">The whole text: "Continue with GitHub", or "Try GitHub again" after a failure, in the person's language.</param>
/// <param name="IsLastUsed">Whether it was used last in this browser. The badge that says so is rendered after the slot.</param>
public sealed record ProviderButtonModel(AuthProvider Provider, string Label, bool IsLastUsed);

/// <summary>What the sign-out page shows: the question, or the confirmation.</summary>
public sealed class SignOutPageModel : AuthPageModel
{
    /// <summary>Who is signed in; <see langword="null"/> when nobody is.</summary>
    public Session? Session { get; init; }

    /// <summary>What the sign-out ended; <see langword="null"/> if nobody was signed in.</summary>
    public SignOutScope? Ended { get; init; }
}

/// <summary>What the error page shows.</summary>
public sealed class ErrorPageModel : AuthPageModel
{
    /// <summary>What happened and what to do.</summary>
    public required AuthMessage Message { get; init; }

    /// <summary>What kind of thing happened. Default: something went wrong.</summary>
    public OutcomeKind Kind { get; init; }

    /// <summary>The session of someone who may not open a page of the app; <see langword="null"/> for every other failure.</summary>
    public Session? Session { get; init; }

    /// <summary>How long the person has to wait after too many attempts; <see langword="null"/> when that is not known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The provider to try again with; <see langword="null"/> if trying again would not help.</summary>
    public AuthProvider? Provider { get; init; }

    /// <summary>The reference of the failure in the log; empty if there is none.</summary>
    public string Reference { get; init; } = "";

    /// <summary>In Development: code and reason, for the developer.</summary>
    public string? Detail { get; init; }
}

/// <summary>What the "check your email" page shows.</summary>
public sealed class VerifyRequestPageModel : AuthPageModel;

/// <summary>What the page shows at the end of a sign-in in a second window, beside an open page.</summary>
public sealed class SignedInPageModel : AuthPageModel;

/// <summary>What the account page shows.</summary>
public sealed class AccountPageModel : AuthPageModel
{
    /// <summary>The current session.</summary>
    public required Session Session { get; init; }

    /// <summary>The name of the provider that the profile comes from.</summary>
    public required string Provider { get; init; }

    /// <summary>Sign-ins and sign-outs, newest first; <see langword="null"/> when they cannot be read.</summary>
    public required IReadOnlyList<AccountEvent>? Events { get; init; }

    /// <summary>The ways in which the user can sign in; empty where BlazorAuth keeps no users, <see langword="null"/> when they cannot be read.</summary>
    public IReadOnlyList<AccountWay>? Ways { get; init; } = [];

    /// <summary>The providers that the user can connect.</summary>
    public IReadOnlyList<AuthProvider> Connectable { get; init; } = [];

    /// <summary>What the person's last action did, in words; <see langword="null"/> if there was none.</summary>
    public string? Result { get; init; }

    /// <summary>Whether the profile comes from a provider. Default: true; false for credentials, which the app checks itself.</summary>
    public bool IsFromProvider { get; init; } = true;

    /// <summary>The address of the user's picture; <see langword="null"/> for initials (<see cref="AuthPageOptions.Pictures"/>).</summary>
    public string? Picture { get; init; }

    /// <summary>Whether the user can download what BlazorAuth keeps about them. Default: false.</summary>
    public bool CanExport { get; init; }

    /// <summary>Whether the user can delete their account. Default: false.</summary>
    public bool CanDelete { get; init; }
}

/// <summary>A way in which a user can sign in.</summary>
/// <param name="Provider">The provider's ID.</param>
/// <param name="Name">The provider's name.</param>
/// <param name="LastUsedAt">When it was last used.</param>
public sealed record AccountWay(string Provider, string Name, DateTimeOffset LastUsedAt)
{
    /// <summary>Identifies the account in the form that disconnects it; <see langword="null"/> if it cannot be disconnected.</summary>
    public string? Account { get; init; }
}

/// <summary>What the page that asks whether to connect an account shows.</summary>
public sealed class LinkPageModel : AuthPageModel
{
    /// <summary>The session of the user who is asked.</summary>
    public required Session Session { get; init; }

    /// <summary>The name of the provider to connect.</summary>
    public required string Provider { get; init; }

    /// <summary>The provider's ID.</summary>
    public required string ProviderId { get; init; }

    /// <summary>The person's name at this provider, if it sent one.</summary>
    public string? Name { get; init; }

    /// <summary>The e-mail address that the provider verified.</summary>
    public required string Email { get; init; }

    /// <summary>Identifies the account in the form's field <c>account</c>: if another one has come meanwhile, the page asks again.</summary>
    public string? Account { get; init; }
}

/// <summary>What the page that deletes an account shows; it asks twice.</summary>
public sealed class DeletePageModel : AuthPageModel
{
    /// <summary>The user whose account it is.</summary>
    public required SessionUser User { get; init; }

    /// <summary>The current step.</summary>
    public required DeleteStep Step { get; init; }
}

/// <summary>The steps of deleting an account.</summary>
public enum DeleteStep
{
    /// <summary>The user is asked for the first time.</summary>
    First,

    /// <summary>The user said yes, and is asked again.</summary>
    Asked,

    /// <summary>The account is deleted.</summary>
    Done,
}

/// <summary>Something that happened to an account.</summary>
/// <param name="At">When.</param>
/// <param name="Text">What happened, in the person's language.</param>
/// <param name="Device">The browser and system, in the person's language.</param>
public sealed record AccountEvent(DateTimeOffset At, string Text, string Device)
{
    /// <summary>Whether a session ended. Default: false, it began.</summary>
    public bool IsSignOut { get; init; }
}

/// <summary>What the page of devices shows.</summary>
public sealed class SessionsPageModel : AuthPageModel
{
    /// <summary>The devices, the current one first; <see langword="null"/> when they cannot be read.</summary>
    public required IReadOnlyList<DeviceSession>? Devices { get; init; }

    /// <summary>What the person's last action did, in words; <see langword="null"/> if there was none.</summary>
    public string? Result { get; init; }

    /// <summary>The address of the next page; <see langword="null"/> if this is the last one.</summary>
    public string? Next { get; init; }

    /// <summary>Whether there is a previous page.</summary>
    public bool IsLaterPage { get; init; }

    /// <summary>The maximum number of devices, once the person has reached it; <see langword="null"/> while there are fewer.</summary>
    public int? Limit { get; init; }
}

/// <summary>A device with a session.</summary>
/// <param name="Session">The session.</param>
/// <param name="Device">The browser and system, in the person's language.</param>
/// <param name="Provider">The provider's name.</param>
/// <param name="IsCurrent">Whether it is the current one.</param>
public sealed record DeviceSession(Session Session, string Device, string Provider, bool IsCurrent);
