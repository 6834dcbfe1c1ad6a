using System.Security.Claims;
using BlazorAuth.Accounts;
using BlazorAuth.Http;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Scheme;

/// <summary>Signs in whom the app brings by itself, with <c>SignInAsync</c>: somebody new, or the person of a session again.</summary>
internal sealed class DirectSignIn(
    OriginCheck origins, IAppSignIn app, SessionManager sessions, AccountDoor door, SessionIssuer issuer, ILogger<DirectSignIn> logger)
{
    /// <param name="http">The request.</param>
    /// <param name="user">Who is signed in.</param>
    /// <param name="properties">What the app says of the cookie.</param>
    /// <param name="current">Asks who is signed in on this request.</param>
    public async Task SignInAsync(HttpContext http, ClaimsPrincipal user, AuthenticationProperties? properties, Func<Task<ClaimsPrincipal?>> current)
    {
        if (await origins.IsForeignAsync(http))
        {
            origins.Warn(http);
            return;
        }

        // The app reuses a session that was live when the request began, which may be long ago: it may have ended since.
        var repeated = await app.SessionOfAsync(http, user, properties);
        var former = repeated is null ? null : await sessions.FindAsync(repeated, CancellationToken.None);
        var wasEndedHere = repeated is not null && http.Features.Get<EndedHere>()?.SessionId == repeated;
        if (repeated is not null && !(wasEndedHere ? SessionManager.WasLive(former?.Record, RevocationReason.SignedOut) : sessions.IsUsable(former)))
        {
            logger.SignInOfEndedSessionRefused(repeated);
            return;
        }

        var asked = await app.ReadAsync(http, user, properties, isAgain: repeated is not null);
        asked = (asked with { RepeatedVersion = former?.Record.Version, IsOfSession = IAppSignIn.SessionOf(user, null) is not null }).After(former);
        if ((!asked.AreClaimsWhole || asked.IsOfSession) && await IsOlderAsync(user, former, current))
        {
            logger.SignInOfChangedSessionRefused(repeated!);
            return;
        }

        if (asked.IsOutOfDate)
        {
            logger.SignInOfEndedSessionRefused(repeated!);
            await sessions.RevokeAsync(asked.User.Id, repeated!);
            return;
        }

        var admitted = await door.AdmitAsync(http, asked) with { Repeats = wasEndedHere ? null : repeated };
        try
        {
            if (!await issuer.SignInAsync(http, admitted))
            {
                logger.SignInOfEndedSessionRefused(repeated!);
            }
        }
        catch (SignInRefusedException exception) when (exception.Reason == AuthErrorReason.Expired)
        {
            // It came too late, as is logged. Whoever did nothing wrong is asked to sign in once more, wherever the app's page leads.
        }
    }

    /// <summary>Whether a session was changed since the request began, which takes as long as its client wants: what the principal says may have been taken away.</summary>
    private static async Task<bool> IsOlderAsync(ClaimsPrincipal user, SessionRow? former, Func<Task<ClaimsPrincipal?>> current)
    {
        var ticket = SessionIdentity.Of(user)?.Ticket ?? SessionIdentity.Of(await current())?.Ticket;
        return former is not null && ticket is not null && ticket.Id == former.Record.Id && ticket.Version < former.Record.Version;
    }
}
