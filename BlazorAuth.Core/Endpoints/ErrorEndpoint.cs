using BlazorAuth.Http;
using BlazorAuth.Pages;
using BlazorAuth.Providers;
using BlazorAuth.Sessions;
using BlazorAuth.Texts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET error</c>: what went wrong and what to do.</summary>
internal sealed class ErrorEndpoint(
    AuthProviderRegistry providers, IOptions<AuthOptions> options, PageContextFactory contexts, PageResult page, FailureSeal seals,
    RecentCauses causes, IHostEnvironment host)
{
    private readonly FailureSeal _seals = seals;

    public static Task<IResult> ShowAsync(AuthRequest request, ErrorEndpoint endpoint)
    {
        var code = request.Query("error") ?? AuthError.Configuration;
        var reference = endpoint._seals.ReferenceIn(request, code);
        var failure = new AuthFailure(AuthError.ReasonOf(code, request.Query("reason")), request.Query("provider"), request.ReturnUrl.Text, reference);
        // A made-up address only gets a message: no reference for support to look up, and no alert.
        return endpoint.PageAsync(request, code, failure, endpoint._seals.Wrote(request, code) ? Status(code, failure.Reason) : StatusCodes.Status200OK);
    }

    /// <summary>The error page as the answer itself, where a redirect to it would not tell the client the right thing.</summary>
    public Task<IResult> PageAsync(AuthRequest request, string code, AuthFailure failure, TimeSpan? retryAfter = null) =>
        PageAsync(request, code, failure, Status(code, failure.Reason), retryAfter);

    private async Task<IResult> PageAsync(AuthRequest request, string code, AuthFailure failure, int status, TimeSpan? retryAfter = null)
    {
        if (options.Value.Pages.Error is { } own)
        {
            return Results.Redirect(PageAddresses.With(
                request.Address.Absolute(own), ("error", code), ("reason", failure.Reason == AuthErrorReason.None ? null : failure.Reason.ToString()),
                ("provider", failure.Provider), ("reference", NullIfEmpty(failure.Reference)), (FailureSeal.Parameter, failure.Reference.Length > 0 ? _seals.Of(code, failure) : null),
                ("callbackUrl", failure.ReturnUrl)));
        }

        var provider = failure.Provider is null ? null : await providers.FindAsync(failure.Provider);
        var context = contexts.Of(request);
        var message = PageMessages.For(options.Value.Pages, context.Texts, code, failure.Reason, provider?.DisplayName);
        var session = await SessionAsync(request, code, failure);
        return page.Of<ErrorPageModel, ErrorPage>(request, status, new ErrorPageModel
        {
            Page = context,
            Message = session is null ? message : message with { Text = NoAccess(context, session) },
            Kind = FailureKind.Of(code, failure.Reason),
            Session = session,
            RetryAfter = retryAfter,
            Provider = code == AuthError.Configuration && failure.Reason == AuthErrorReason.None ? null : provider,
            Reference = failure.Reference,
            // If a page may not be opened, the text says everything.
            Detail = host.IsDevelopment() && AuthError.IsOurs(code) && session is null ? Detail(code, failure) : null,
        });
    }

    private string Detail(string code, AuthFailure failure)
    {
        var detail = failure.Reason == AuthErrorReason.None ? code : $"{code} {failure.Reason}";
        return causes.Find(failure.Reference) is { } cause ? $"{detail}: {cause}" : detail;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    /// <summary>Who is signed in but may not open a page of the app; null for any other failure, or when the app has its own message.</summary>
    private async Task<Session?> SessionAsync(AuthRequest request, string code, AuthFailure failure) =>
        code == AuthError.AccessDenied && failure is { Reason: AuthErrorReason.None, Provider: null }
            && options.Value.Pages.ErrorText?.Invoke(new AuthErrorText(code, failure.Reason, null, contexts.Of(request).Texts)) is null
                ? (await request.Http.CurrentTicketAsync())?.Session
                : null;

    private static string NoAccess(AuthPageContext context, Session session) => context.Texts[
        "Error.NoAccess.Text", session.User.Name ?? session.User.Email ?? session.User.Id, context.ReturnPageName ?? context.AppName];

    private static int Status(string code, AuthErrorReason reason) => reason switch
    {
        AuthErrorReason.Expired or AuthErrorReason.CookieLost or AuthErrorReason.CookieConflict or AuthErrorReason.AlreadyUsed or AuthErrorReason.ProviderAnswer
            or AuthErrorReason.IssuerMismatch or AuthErrorReason.KeyLost => StatusCodes.Status400BadRequest,
        AuthErrorReason.ProviderUnavailable or AuthErrorReason.StoreUnavailable => StatusCodes.Status503ServiceUnavailable,
        AuthErrorReason.TooManyAttempts => StatusCodes.Status429TooManyRequests,
        _ => code switch
        {
            AuthError.AccessDenied or AuthError.Verification => StatusCodes.Status403Forbidden,
            AuthError.Configuration => StatusCodes.Status500InternalServerError,
            _ => StatusCodes.Status200OK,
        },
    };
}
