using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Pages;
using BlazorAuth.Scheme;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET signout</c>: the page. <c>POST signout</c>: ends the session, here and in the store.</summary>
internal static class SignOutEndpoint
{
    public static async Task<IResult> ShowAsync(AuthRequest request, ContractCookies cookies, AuthPages pages)
    {
        cookies.Write(request);
        return pages.SignOut(request, (await request.Http.AuthenticateAsync(SessionIdentity.Scheme)).Principal);
    }

    /// <summary>The built-in page also sends <c>where=everywhere</c>, and <c>page=1</c> to be told what ended before the person goes on.</summary>
    public static async Task<IResult> HandleAsync(
        AuthRequest request, ContractCookies cookies, SignedOutCookie signedOut, SessionManager sessions, ILogger<SessionManager> logger)
    {
        var ended = await EndAsync(request, sessions, logger);
        cookies.WriteCallback(request);
        // Who asked for more than could be done is told, whatever page they asked from.
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

    /// <summary>Ends the session at hand, then the others if that was asked for. Null when nobody was signed in.</summary>
    private static async Task<SignOutScope?> EndAsync(AuthRequest request, SessionManager sessions, ILogger logger)
    {
        var session = SessionIdentity.Of((await request.Http.AuthenticateAsync(SessionIdentity.Scheme)).Principal)?.Session;
        var isUnchecked = request.Http.Features.Get<UncheckedSession>() is not null;
        await request.Http.SignOutAsync(SessionIdentity.Scheme);
        if (session is null && !isUnchecked)
        {
            return null;
        }

        if (request.Body.Field("where") != "everywhere")
        {
            return SignOutScope.Here;
        }

        if (session is null)
        {
            // A cookie that nobody could check ends itself, and no other session.
            return SignOutScope.OnlyHere;
        }

        try
        {
            // Not the request's token: a browser that closes the connection has asked for it all the same.
            await sessions.RevokeUserAsync(session.User.Id, CancellationToken.None);
            return SignOutScope.Everywhere;
        }
        catch (SessionStoreException exception)
        {
            logger.OthersNotSignedOut(exception, session.Id);
            return SignOutScope.OnlyHere;
        }
    }

    /// <summary>Where an OpenID Connect provider sends people whom the app signed out there too.</summary>
    public static async Task<IResult> SignedOutCallbackAsync(AuthRequest request, AuthProviderRegistry providers, AuthPages pages)
    {
        if (request.ProviderId is { } id && await providers.FindAsync(id) is { Scheme: { } scheme }
            && await request.Http.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>().GetHandlerAsync(request.Http, scheme)
                is IAuthenticationRequestHandler handler
            && await handler.HandleRequestAsync())
        {
            return Results.Empty;
        }

        return pages.UnknownProvider(request);
    }
}
