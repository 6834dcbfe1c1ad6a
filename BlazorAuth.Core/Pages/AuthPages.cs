using System.Security.Claims;
using BlazorAuth.Endpoints;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Scheme;
using BlazorAuth.Sessions;
using BlazorAuth.Texts;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Pages;

/// <summary>Answers with a built-in page, or with the way to the app's own.</summary>
internal sealed class AuthPages(
    AuthProviderRegistry providers, IOptions<AuthOptions> options, PageAddresses links, PageContextFactory models, PageResult page, LastProviderCookie lastProvider,
    SignedOutCookie signedOut, SessionCookie cookies, IHostEnvironment host)
{
    private readonly AuthPageOptions _pages = options.Value.Pages;

    /// <summary>The page to choose a way to sign in, which keeps in mind where the person is going and why.</summary>
    public string SignInAddress(AuthRequest request) =>
        PageAddresses.With(links.SignIn(request.Address, request.ReturnUrl.Text), ("fresh", request.WantsFresh ? "true" : null));

    public async Task<IResult> SignInAsync(AuthRequest request, ClaimsPrincipal? principal)
    {
        var error = request.Query("error");
        if (_pages.SignIn is { } own)
        {
            var target = PageAddresses.With(own, ("callbackUrl", request.ReturnUrl.Text), ("error", error));
            return AuthAnswer.Redirect(request, request.Mode == AnswerMode.Form ? request.Address.PathBase + target : target);
        }

        var list = await providers.ListAsync();
        var shown = list.Where(provider => Credentials(request, provider) is not { Fields.Count: 0 }).ToList();
        var lastUsed = shown.FirstOrDefault(provider => provider.Id == lastProvider.Read(request.Http.Request));
        var session = SessionIdentity.Of(principal)?.Session;
        var isFresh = request.WantsFresh && session is not null;
        var model = models.Of(request);
        return page.Of<SignInPageModel, SignInPage>(request, StatusCodes.Status200OK, new SignInPageModel
        {
            Page = model,
            Providers = [.. shown.OrderByDescending(provider => provider == lastUsed)],
            LastUsed = lastUsed,
            Credentials = id => list.FirstOrDefault(provider => provider.Id == id) is { } found ? Credentials(request, found) : null,
            Message = error is null ? isFresh ? Calm(model.Texts["Fresh.Any"]) : Arrival(request, session, model.Texts) : PageMessages.For(
                _pages, model.Texts, error, AuthError.ReasonOf(error, request.Query("reason")), Name(list, request.Query("provider"))),
            Reference = error is null ? "" : ErrorEndpoint.Reference(request.Query("reference")),
            RetryProvider = error is null ? null : list.FirstOrDefault(provider => provider.Id == request.Query("provider")),
            Session = isFresh ? null : session,
            WithoutKeys = host.IsDevelopment() ? [.. providers.WithoutKeys] : [],
        });
    }

    public IResult Provider(AuthRequest request, AuthProvider provider)
    {
        var model = models.Of(request);
        return page.Of<ProviderPageModel, ProviderPage>(request, StatusCodes.Status200OK, new ProviderPageModel
        {
            Page = model, Provider = provider, Shares = ProviderShares.Of(provider, model.Texts),
            AutoContinue = _pages.AutoContinue && !request.WantsFresh, IsFresh = request.WantsFresh, Credentials = Credentials(request, provider),
        });
    }

    public IResult SignOut(AuthRequest request, ClaimsPrincipal? principal)
    {
        var ended = signedOut.Read(request);
        return _pages.SignOut is { } own
            ? AuthAnswer.Redirect(request, PageAddresses.With(
                request.Address.PathBase + own, ("callbackUrl", request.ReturnUrl.Text), ("done", ended is { } scope ? SignedOutCookie.Word(scope) : null)))
            : page.Of<SignOutPageModel, SignOutPage>(request, StatusCodes.Status200OK, new SignOutPageModel
            {
                Page = models.Of(request), Session = SessionIdentity.Of(principal)?.Session, Ended = ended,
            });
    }

    public async Task<IResult> ErrorAsync(AuthRequest request, string code, AuthFailure failure)
    {
        if (_pages.Error is { } own)
        {
            return Results.Redirect(PageAddresses.With(
                request.Address.Absolute(own), ("error", code), ("reason", failure.Reason == AuthErrorReason.None ? null : failure.Reason.ToString()),
                ("provider", failure.Provider), ("reference", failure.Reference), ("callbackUrl", failure.ReturnUrl)));
        }

        var provider = failure.Provider is null ? null : await providers.FindAsync(failure.Provider);
        var model = models.Of(request);
        return page.Of<ErrorPageModel, ErrorPage>(request, ErrorEndpoint.Status(code, failure.Reason), new ErrorPageModel
        {
            Page = model,
            Message = PageMessages.For(_pages, model.Texts, code, failure.Reason, provider?.DisplayName),
            Provider = code == AuthError.Configuration && failure.Reason == AuthErrorReason.None ? null : provider,
            Reference = failure.Reference,
            Detail = host.IsDevelopment() && AuthError.IsOurs(code) ? $"{code} {(failure.Reason == AuthErrorReason.None ? "" : failure.Reason)}".TrimEnd() : null,
        });
    }

    public IResult VerifyRequest(AuthRequest request) => _pages.VerifyRequest is { } own
        ? AuthAnswer.Redirect(request, request.Address.PathBase + own + request.Http.Request.QueryString)
        : page.Of<VerifyRequestPageModel, VerifyRequestPage>(request, StatusCodes.Status200OK, new VerifyRequestPageModel { Page = models.Of(request) });

    public IResult SignedIn(AuthRequest request) =>
        page.Of<SignedInPageModel, SignedInPage>(request, StatusCodes.Status200OK, new SignedInPageModel { Page = models.Of(request) });

    /// <summary>404: a page for a person, JSON for a client.</summary>
    public IResult NotFound(AuthRequest request, string message) => Refuse(request, StatusCodes.Status404NotFound, message, PageMessages.NotFound);

    /// <summary>405: a page for a person, JSON for a client.</summary>
    public IResult WrongMethod(AuthRequest request) =>
        Refuse(request, StatusCodes.Status405MethodNotAllowed, "This address takes other methods.", PageMessages.WrongMethod);

    public IResult UnknownProvider(AuthRequest request) => NotFound(request, "There is no such way to sign in.");

    private IResult Refuse(AuthRequest request, int status, string message, Func<AuthTexts, AuthMessage> words)
    {
        if (!AuthAnswer.WantsPage(request.Http.Request))
        {
            return AuthAnswer.Json($"{{\"message\":\"{message}\"}}", status);
        }

        var model = models.Of(request);
        return page.Of<ErrorPageModel, ErrorPage>(request, status, new ErrorPageModel { Page = model, Message = words(model.Texts) });
    }

    /// <summary>Why a person without an error is here, in one calm line.</summary>
    private AuthMessage? Arrival(AuthRequest request, Session? session, AuthTexts texts)
    {
        if (session is not null)
        {
            return null;
        }

        var key = request.Http.Features.Get<RefusedSession>()?.Refusal switch
        {
            SessionRefusal.Revoked => "Arrival.Elsewhere",
            SessionRefusal.Expired => "Arrival.Ended",
            _ when cookies.HadSession(request.Http.Request) => "Arrival.Ended",
            _ => models.NeedsSignIn(request) ? "Arrival.Required" : null,
        };
        return key is null ? null : Calm(texts[key]);
    }

    private static AuthMessage Calm(string text) => new("", text, IsCalm: true);

    private static string? Name(IReadOnlyList<AuthProvider> providers, string? id) => providers.FirstOrDefault(provider => provider.Id == id)?.DisplayName;

    private static CredentialsProvider? Credentials(AuthRequest request, AuthProvider provider) =>
        provider.Type == AuthProviderType.Credentials ? CredentialsProvider.Find(request.Http.RequestServices, provider.Scheme!) : null;
}
