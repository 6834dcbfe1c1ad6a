using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Pages;
using BlazorAuth.Scheme;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET signout</c>: the page. <c>POST signout</c>: ends the session, here and in the store.</summary>
internal static class SignOutEndpoint
{
    public static async Task<IResult> ShowAsync(
        AuthRequest request, ContractCookies cookies, SignedOutCookie signedOut, PageContextFactory contexts, PageResult page, IOptions<AuthOptions> options)
    {
        cookies.Prepare(request);
        var ended = signedOut.Read(request);
        return options.Value.Pages.SignOut is { } own
            ? AuthAnswer.Redirect(request, PageAddresses.With(
                request.Address.PathBase + own, ("callbackUrl", request.ReturnUrl.Text), ("done", ended is { } scope ? SignedOutCookie.Word(scope) : null)))
            : page.Of<SignOutPageModel, SignOutPage>(request, StatusCodes.Status200OK, new SignOutPageModel
            {
                Page = contexts.Of(request), Session = (await request.Http.CurrentTicketAsync())?.Session, Ended = ended,
            });
    }

    /// <summary>The built-in page also sends <c>where=everywhere</c>, and <c>page=1</c> to see what ended before the person continues.</summary>
    public static async Task<IResult> HandleAsync(
        AuthRequest request, ContractCookies cookies, SignedOutCookie signedOut, SessionManager sessions, FreshCheck fresh, ILogger<SessionManager> logger)
    {
        // Before anything ends: the person comes back and presses the button again. Signing out on this device alone never requires it.
        var here = PageAddresses.With(request.Address.Absolute(AuthPaths.SignOut("")), ("where", AuthPaths.Everywhere), ("callbackUrl", request.ReturnUrl.Text));
        if (IsEverywhere(request) && await request.Http.CurrentTicketAsync() is { } ticket && await fresh.AskAsync(request, ticket.Session, here) is { } asked)
        {
            return asked;
        }

        var ended = await EndAsync(request, sessions, fresh, logger);
        cookies.RememberReturnUrl(request);
        // If less was done than requested, the person has to be told, no matter which page they came from.
        if (request.Body.Field("page") is null && ended != SignOutScope.OnlyHere)
        {
            return AuthAnswer.Redirect(request, request.ReturnUrl.Text);
        }

        if (ended is { } scope)
        {
            signedOut.Write(request, scope);
        }

        return AuthAnswer.Redirect(request, PageAddresses.With(
            request.Address.Absolute(AuthPaths.SignOut("")),
            ("done", ended is { } what ? SignedOutCookie.Word(what) : null), ("callbackUrl", request.ReturnUrl.Text)));
    }

    // Signing out goes on while the store does not respond: then it ends this session alone.
    private static async Task<Session?> CurrentAsync(AuthRequest request, FreshCheck fresh)
    {
        try
        {
            return await fresh.CurrentAsync(request);
        }
        catch (SessionStoreException)
        {
            return (await request.Http.CurrentTicketAsync())?.Session;
        }
    }

    private static bool IsEverywhere(AuthRequest request) => request.Body.Field("where") == AuthPaths.Everywhere;

    /// <summary>Ends the current session, then the others if that was asked for. Null when nobody was signed in.</summary>
    private static async Task<SignOutScope?> EndAsync(AuthRequest request, SessionManager sessions, FreshCheck fresh, ILogger logger)
    {
        var session = IsEverywhere(request) ? await CurrentAsync(request, fresh) : (await request.Http.CurrentTicketAsync())?.Session;
        var isUnchecked = request.Http.Features.Get<UncheckedSession>() is not null;
        await request.Http.SignOutAsync(SessionIdentity.Scheme);
        if (session is null && !isUnchecked)
        {
            return null;
        }

        if (!IsEverywhere(request))
        {
            return SignOutScope.Here;
        }

        if (session is null)
        {
            // A cookie that could not be checked is only deleted; it ends no other session.
            return SignOutScope.OnlyHere;
        }

        try
        {
            // Not the request's token: a browser that closes the connection has still requested it.
            await sessions.RevokeUserAsync(session.User.Id, RevocationReason.SignedOut, CancellationToken.None);
            return SignOutScope.Everywhere;
        }
        catch (SessionStoreException exception)
        {
            logger.OthersNotSignedOut(exception, session.Id);
            return SignOutScope.OnlyHere;
        }
    }
}
