using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Pages;
using BlazorAuth.Scheme;
using BlazorAuth.Sessions;
using BlazorAuth.Texts;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET signin</c>: the page to choose a way to sign in. <c>POST signin</c> names no provider and leads there.</summary>
internal sealed class SignInEndpoint(
    AuthProviderRegistry providers,
    ContractCookies cookies,
    SessionCookie sessionCookie,
    LastProviderCookie lastProvider,
    RefusedEntryCookie refusedEntry,
    PageContextFactory contexts,
    PageResult page,
    FailureSeal seals,
    RecentCauses causes,
    IOptions<AuthOptions> options,
    IHostEnvironment host,
    LoginPage? login = null)
{
    private readonly AuthPageOptions _pages = options.Value.Pages;

    public static Task<IResult> ShowAsync(AuthRequest request, SignInEndpoint endpoint) => endpoint.ShowAsync(request);

    public static IResult Start(AuthRequest request, PageAddresses addresses) => AuthAnswer.Redirect(request, addresses.SignIn(request));

    private async Task<IResult> ShowAsync(AuthRequest request)
    {
        cookies.Prepare(request);
        var error = request.Query("error");
        if (_pages.SignIn is { } own)
        {
            var target = PageAddresses.With(own, ("callbackUrl", request.ReturnUrl.Text), ("error", error));
            return AuthAnswer.Redirect(request, request.Mode == AnswerMode.Form ? request.Address.PathBase + target : target);
        }

        if (error is null && login?.Address(request.Address, request.ReturnUrl.Text) is { } elsewhere)
        {
            return AuthAnswer.Redirect(request, elsewhere);
        }

        var list = await providers.ListAsync();
        var session = (await request.Http.CurrentTicketAsync())?.Session;
        var isFresh = request.WantsFresh && session is not null;
        var shown = list.Where(provider => Credentials(request, provider) is not { Fields.Count: 0 } && (!isFresh || providers.Counts(provider.Id))).ToList();
        var lastUsed = shown.FirstOrDefault(provider => provider.Id == lastProvider.Read(request.Http.Request));
        var context = contexts.Of(request);
        var reference = error is null ? "" : seals.ReferenceIn(request, error);
        return page.Of<SignInPageModel, SignInPage>(request, StatusCodes.Status200OK, new SignInPageModel
        {
            Page = context,
            Providers = [.. shown.OrderByDescending(provider => provider == lastUsed)],
            LastUsed = lastUsed,
            Credentials = id => list.FirstOrDefault(provider => provider.Id == id) is { } found ? Credentials(request, found) : null,
            Message = Conflict(request, error, context.Texts) ?? (error is null ? isFresh ? Calm(context.Texts["Fresh.Any"]) : Arrival(request, session, context.Texts) : PageMessages.For(
                _pages, context.Texts, error, AuthError.ReasonOf(error, request.Query("reason")), Name(list, request.Query("provider")))),
            Reference = reference,
            Detail = causes.Find(reference)?.ToString(),
            RetryProvider = error is null ? null : list.FirstOrDefault(provider => provider.Id == request.Query("provider")),
            Refused = error == AuthError.CredentialsSignIn && refusedEntry.Take(request) is { } refused ? new RefusedEntry(refused.Provider, refused.Values) : null,
            Session = isFresh ? null : session,
            WithoutKeys = host.IsDevelopment() ? [.. providers.WithoutKeys] : [],
        });
    }

    // Takes precedence over the address: until the cookies are cleared, signing in does not help.
    private AuthMessage? Conflict(AuthRequest request, string? error, AuthTexts texts) => request.Http.Features.Get<ConflictingSessions>() is null
        ? null
        : PageMessages.For(_pages, texts, error ?? AuthError.SessionRequired, AuthErrorReason.CookieConflict, provider: null);

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
            _ when !NeighbourCookies.AreIn(request.Http) && sessionCookie.HadSession(request.Http.Request) => "Arrival.Ended",
            _ => contexts.NeedsSignIn(request) ? "Arrival.Required" : null,
        };
        return key is null ? null : Calm(texts[key]);
    }

    private static AuthMessage Calm(string text) => new("", text, IsCalm: true);

    private static string? Name(IReadOnlyList<AuthProvider> providers, string? id) => providers.FirstOrDefault(provider => provider.Id == id)?.DisplayName;

    private static CredentialsProvider? Credentials(AuthRequest request, AuthProvider provider) =>
        CredentialsProvider.Find(request.Http.RequestServices, provider);
}
