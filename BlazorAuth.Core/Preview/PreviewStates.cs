using BlazorAuth.Http;
using BlazorAuth.Pages;
using BlazorAuth.Texts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Preview;

/// <summary>Every page in every state, filled with made-up people: for the eyes of a developer, in Development only.</summary>
internal sealed class PreviewStates(PageContextFactory models, PageResult page, IOptions<AuthOptions> options, TimeProvider clock)
{
    private const string Name = "Ada Lovelace";

    // A name chosen to break the page.
    private static readonly string Hostile =
        "\u202Egnp.exe <script>alert(1)</script> 👩‍👩‍👧‍👦 " + string.Concat(Enumerable.Repeat("Wolfeschlegelsteinhausenbergerdorff", 4));

    private const string Picture = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Cpath fill='%23479' d='M0 0h8v8H0z'/%3E%3Ccircle cx='4' cy='4' r='2' fill='%23fc6'/%3E%3C/svg%3E";

    private static readonly string[] Others = ["Microsoft", "GitLab", "LinkedIn", "Slack", "Discord"];

    private readonly AuthPageOptions _pages = options.Value.Pages;

    /// <summary>The states by name, in the order in which they are shown.</summary>
    public static IReadOnlyList<string> States { get; } =
    [
        "signin", "signin-last-used", "signin-many", "signin-credentials", "signin-credentials-last-used", "signin-signed-in", "signin-empty", "signin-session-ended", "signin-signed-out-elsewhere",
        "signin-required", "signin-session-required", "signin-missing-csrf", "signin-cancelled", "signin-refused", "signin-wrong-password", "signin-wrong-password-again", "signin-without-keys", "signin-hostile",
        "provider", "provider-scopes", "provider-hostile", "provider-fresh", "signed-in", "signout", "signed-out", "signed-out-everywhere", "signed-out-only-here", "signed-out-nobody",
        .. Enum.GetNames<AuthErrorReason>().Where(reason => reason != nameof(AuthErrorReason.None)).Select(reason => "error-" + reason.ToLowerInvariant()),
        "error-accessdenied", "error-noaccess", "error-verification", "error-oauthaccountnotlinked", "error-configuration", "error-unknown", "error-notfound", "error-wrongmethod", "error-hostile",
        "verify-request", "link", "link-hostile", "account", "account-ways", "account-nothing-shared", "account-no-events", "account-hostile", "account-failed", "account-password", "account-picture",
        "delete", "delete-sure", "delete-done", "delete-hostile",
        "sessions", "sessions-one", "sessions-done", "sessions-done-others", "sessions-done-gone", "sessions-hostile", "sessions-failed",
    ];

    /// <summary>One state; null when there is none of this name.</summary>
    public IResult? Show(AuthRequest request, string state)
    {
        var model = models.Of(request) with { ColorScheme = Scheme(request) };
        return state switch
        {
            _ when state.StartsWith("provider", StringComparison.Ordinal) && States.Contains(state) => Provider(request, model, state),
            "signout" => Of<SignOutPageModel, SignOutPage>(request, new() { Page = model, Session = Session("1", TimeSpan.Zero) }),
            "signed-out" => Of<SignOutPageModel, SignOutPage>(request, new() { Page = model, Ended = SignOutScope.Here }),
            "signed-out-everywhere" => Of<SignOutPageModel, SignOutPage>(request, new() { Page = model, Ended = SignOutScope.Everywhere }),
            "signed-out-only-here" => Of<SignOutPageModel, SignOutPage>(request, new() { Page = model, Ended = SignOutScope.OnlyHere }),
            "signed-out-nobody" => Of<SignOutPageModel, SignOutPage>(request, new() { Page = model }),
            "signed-in" => Of<SignedInPageModel, SignedInPage>(request, new() { Page = model }),
            "verify-request" => Of<VerifyRequestPageModel, VerifyRequestPage>(request, new() { Page = model }),
            _ when state.StartsWith("signin", StringComparison.Ordinal) && States.Contains(state) => SignIn(request, model, state),
            _ when state.StartsWith("error-", StringComparison.Ordinal) && States.Contains(state) => Error(request, model, state[6..]),
            "link" or "link-hostile" => Of<LinkPageModel, LinkPage>(request, new()
            {
                Page = model, Session = Session("1", TimeSpan.Zero), Provider = state == "link" ? "GitHub" : Hostile, ProviderId = "github",
                Name = state == "link" ? Name : Hostile, Email = "ada@example.com",
            }),
            _ when state.StartsWith("delete", StringComparison.Ordinal) && States.Contains(state) => Of<DeletePageModel, DeletePage>(request, new()
            {
                Page = model,
                User = new SessionUser { Id = "1", Name = state == "delete-hostile" ? Hostile : Name },
                Step = state switch { "delete-sure" => DeleteStep.Asked, "delete-done" => DeleteStep.Done, _ => DeleteStep.First },
            }),
            _ when state.StartsWith("account", StringComparison.Ordinal) && States.Contains(state) => Account(request, model, state),
            _ when state.StartsWith("sessions", StringComparison.Ordinal) && States.Contains(state) => Sessions(request, model, state),
            _ => null,
        };
    }

    public static AuthColorScheme Scheme(AuthRequest request) => request.Query("scheme") switch
    {
        "light" => AuthColorScheme.Light,
        "dark" => AuthColorScheme.Dark,
        _ => AuthColorScheme.Auto,
    };

    private IResult SignIn(AuthRequest request, AuthPageContext model, string state)
    {
        var google = Sample("google", "Google");
        var github = Sample("github", "GitHub");
        AuthProvider[] some =
        [
            google, github,
            state switch
            {
                "signin-credentials" or "signin-credentials-last-used" or "signin-wrong-password-again" => Sample("password", "password", AuthProviderType.Credentials),
                "signin-hostile" => Sample("hostile", Hostile),
                _ => Sample("work", "Example Corp"),
            },
        ];
        AuthProvider[] many = [github, google, .. Others.Select(name => Sample(name.ToLowerInvariant(), name))];
        return Of<SignInPageModel, SignInPage>(request, new()
        {
            Page = model with { ReturnPageName = state == "signin-empty" ? null : "Reports" },
            Providers = state switch { "signin-many" => many, "signin-empty" => [], "signin-last-used" => [github, google, some[2]], _ => some },
            LastUsed = state switch { "signin-last-used" or "signin-many" => github, "signin-credentials-last-used" => some[2], _ => null },
            Credentials = id => id == "password" ? new CredentialsProvider("password", "password", _ => default) : null,
            Message = Message(model.Texts, state, out var hasFailed),
            Reference = hasFailed ? "7KQ2MX4P" : "",
            RetryProvider = state switch { "signin-cancelled" or "signin-refused" => github, "signin-hostile" => some[2], _ => null },
            WithoutKeys = state == "signin-without-keys" ? ["google", "github"] : [],
            Refused = state == "signin-wrong-password-again"
                ? new RefusedEntry("password", new Dictionary<string, string>(StringComparer.Ordinal) { ["user"] = "ada@example.com" })
                : null,
            Session = state == "signin-signed-in" ? Session("1", TimeSpan.Zero) : null,
        });
    }

    private AuthMessage? Message(AuthTexts texts, string state, out bool hasFailed)
    {
        var code = state switch
        {
            "signin-cancelled" or "signin-refused" or "signin-hostile" => AuthError.OAuthCallbackError,
            "signin-wrong-password" or "signin-wrong-password-again" => AuthError.CredentialsSignIn,
            "signin-missing-csrf" => AuthError.MissingCsrf,
            "signin-session-required" => AuthError.SessionRequired,
            _ => null,
        };
        var arrival = state switch
        {
            "signin-session-ended" => "Arrival.Ended", "signin-signed-out-elsewhere" => "Arrival.Elsewhere", "signin-required" => "Arrival.Required", _ => null,
        };
        hasFailed = code is not null;
        return code is not null
            ? PageMessages.For(
                _pages, texts, code, state == "signin-cancelled" ? AuthErrorReason.Cancelled : AuthErrorReason.None,
                code != AuthError.OAuthCallbackError ? null : state == "signin-hostile" ? Hostile : "GitHub")
            : arrival is null ? null : new AuthMessage("", texts[arrival], IsCalm: true);
    }

    // Continuing automatically cannot be previewed: it would start a sign-in.
    private IResult Provider(AuthRequest request, AuthPageContext model, string state)
    {
        var provider = state == "provider-hostile" ? Sample("hostile", Hostile) : Sample("github", "GitHub");
        var texts = model.Texts;
        return Of<ProviderPageModel, ProviderPage>(request, new()
        {
            Page = state == "provider-fresh" ? model : model with { ReturnPageName = "Reports" },
            IsFresh = state == "provider-fresh",
            Provider = provider,
            Shares = state switch
            {
                "provider-scopes" => [texts["ProviderPage.Identity"], texts["ProviderPage.Email"], texts["ProviderPage.Scope", "calendar.read, offline_access, repo"]],
                "provider-hostile" => [texts["ProviderPage.Profile"], texts["ProviderPage.Scope", Hostile]],
                _ => [texts["ProviderPage.Profile"], texts["ProviderPage.Email"]],
            },
        });
    }

    private IResult Error(AuthRequest request, AuthPageContext model, string name)
    {
        if (name is "notfound" or "wrongmethod")
        {
            var message = name == "notfound" ? PageMessages.NotFound(model.Texts) : PageMessages.WrongMethod(model.Texts);
            return Of<ErrorPageModel, ErrorPage>(request, new() { Page = model, Message = message, Kind = OutcomeKind.Neutral });
        }

        var isReason = Enum.TryParse<AuthErrorReason>(name, ignoreCase: true, out var reason);
        var code = isReason ? AuthError.Configuration : name switch
        {
            "accessdenied" or "noaccess" => AuthError.AccessDenied, "verification" => AuthError.Verification, "oauthaccountnotlinked" => "OAuthAccountNotLinked",
            "configuration" => AuthError.Configuration, "hostile" => AuthError.OAuthCallbackError, _ => "SomethingElse",
        };
        var provider = name == "hostile" ? Sample("hostile", Hostile) : Sample("github", "GitHub");
        var retries = name is not ("configuration" or "verification" or "storeunavailable" or "toomanyattempts" or "unknown");
        var words = PageMessages.For(_pages, model.Texts, code, isReason ? reason : AuthErrorReason.None, provider.DisplayName);
        return Of<ErrorPageModel, ErrorPage>(request, new()
        {
            Page = model,
            Message = name == "noaccess" ? words with { Text = model.Texts["Error.NoAccess.Text", Name, "Reports"] } : words,
            Kind = FailureKind.Of(code, isReason ? reason : AuthErrorReason.None),
            Session = name == "noaccess" ? Session("1", TimeSpan.Zero) : null,
            RetryAfter = name == "toomanyattempts" ? TimeSpan.FromSeconds(42) : null,
            Provider = retries ? provider : null,
            Reference = "7KQ2MX4P",
            Detail = name == "configuration" ? code : null,
        });
    }

    private IResult Account(AuthRequest request, AuthPageContext model, string state)
    {
        var texts = model.Texts;
        var user = state switch
        {
            "account-nothing-shared" => new SessionUser { Id = "1" },
            "account-hostile" => new SessionUser
            {
                Id = "1", Name = Hostile,
                Email = new string('a', 64) + "@" + new string('b', 180) + ".example", Image = "javascript:alert(1)",
            },
            _ => new SessionUser { Id = "1", Name = Name, Email = "ada@example.com", EmailVerified = true },
        };
        var now = clock.GetUtcNow();
        return Of<AccountPageModel, AccountPage>(request, new()
        {
            Page = model,
            Session = Session("1", TimeSpan.Zero, user),
            Provider = state switch { "account-hostile" => Hostile, "account-password" => "Email and password", _ => "GitHub" },
            IsFromProvider = state != "account-password",
            Ways = state switch
            {
                "account-ways" or "account-hostile" =>
                    [new("github", "GitHub", now) { Account = "1" }, new("google", state == "account-hostile" ? Hostile : "Google", now.AddDays(-3)) { Account = "2" }],
                "account-password" => [new("password", "Email and password", now)],
                "account-failed" => null,
                _ => [new("github", "GitHub", now)],
            },
            Connectable = state is "account-ways" or "account-password" ? [Sample("work", "Work"), Sample("gitlab", "GitLab")] : [],
            Picture = state == "account-picture" ? Picture : null,
            CanExport = state != "account-nothing-shared",
            CanDelete = state != "account-nothing-shared",
            Result = state == "account-ways" ? texts["Account.Connected"] : null,
            Events = state == "account-failed" ? null : state == "account-no-events" ? [] :
            [
                new(now.AddMinutes(-5), texts["Event.SignedIn", "GitHub"], DeviceText.Of("Firefox on Windows", texts)),
                new(now.AddDays(-1), texts["Event.SignedOut"], DeviceText.Of("Safari on iPhone", texts)) { IsSignOut = true },
                new(now.AddDays(-9), texts["Event.SignedIn", "GitHub"], DeviceText.Of("Safari on iPhone", texts)),
            ],
        });
    }

    private IResult Sessions(AuthRequest request, AuthPageContext model, string state)
    {
        var isHostile = state == "sessions-hostile";
        DeviceSession Device(string id, string? device, TimeSpan ago) =>
            new(Session(id, ago, device: device), DeviceText.Of(isHostile && id != "1" ? $"{Hostile} on {Hostile}" : device, model.Texts), isHostile ? Hostile : "GitHub", id == "1");
        DeviceSession[] all =
            [Device("1", "Firefox on Windows", TimeSpan.Zero), Device("2", "Safari on iPhone", TimeSpan.FromHours(5)), Device("3", null, TimeSpan.FromDays(12))];
        return Of<SessionsPageModel, SessionsPage>(request, new()
        {
            Page = model,
            Devices = state switch { "sessions-failed" => null, "sessions-one" => all[..1], _ => all },
            Result = state switch
            {
                "sessions-done" => model.Texts["Sessions.DoneOne", DeviceText.Of("Safari on iPhone", model.Texts)], "sessions-done-others" => model.Texts["Sessions.DoneOthers"],
                "sessions-done-gone" => model.Texts["Sessions.DoneGone"], _ => null,
            },
        });
    }

    private IResult Of<TModel, TPage>(AuthRequest request, TModel model)
        where TModel : AuthPageModel
        where TPage : AuthPage<TModel> => page.Of<TModel, TPage>(request, StatusCodes.Status200OK, model, framedBy: "'self'");

    private Session Session(string id, TimeSpan ago, SessionUser? user = null, string? device = null)
    {
        var at = clock.GetUtcNow() - ago;
        return new()
        {
            Id = id, User = user ?? new SessionUser { Id = "1", Name = Name }, Provider = "github", CreatedAt = at.AddDays(-2), LastSeenAt = at, ExpiresAt = at.AddDays(30), Device = device,
        };
    }

    private static AuthProvider Sample(string id, string name, AuthProviderType type = AuthProviderType.OAuth) => new() { Id = id, DisplayName = name, Type = type };
}
