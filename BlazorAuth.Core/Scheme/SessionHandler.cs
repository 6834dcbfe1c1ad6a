using System.Security.Claims;
using System.Text.Encodings.Web;
using BlazorAuth.Circuits;
using BlazorAuth.Http;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Scheme;

/// <summary>The default scheme: a session from the cookie, a cookie from a sign-in, and where to go without one.</summary>
internal sealed class SessionHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    SessionCookie cookies,
    OriginCheck origins,
    NeighbourCookies neighbours,
    SessionManager sessions,
    SessionIssuer issuer,
    DirectSignIn direct,
    IAppSignIn app,
    IdentityShape shape,
    AuthJsAdoption adoption,
    SessionChallenge challenge,
    StampUse stamps,
    SharedClock clock) : SignInAuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder), IAuthenticationHandler
{
    private Task<AuthenticateResult>? _second;

    // The platform's base class remembers its first answer for the whole request.
    Task<AuthenticateResult> IAuthenticationHandler.AuthenticateAsync() => _second ?? AuthenticateAsync();

    /// <summary>Authenticates once more: the endpoint is known by now, and it decides whether the request's session counts.</summary>
    public Task AuthenticateAgainAsync()
    {
        Context.Features.Set<AcceptedSession>(null);
        Context.Features.Set<RefusedSession>(null);
        Context.Features.Set<UncheckedSession>(null);
        Context.Features.Set<ConflictingSessions>(null);
        SessionRenewal.Cancel(Context);
        return _second = HandleAuthenticateAsync();
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.GetEndpoint()?.Metadata.GetMetadata<AnswersAllAlike>() is not null || await IsForeignAsync() || cookies.Read(Context) is not { } reading)
        {
            return AuthenticateResult.NoResult();
        }

        if (reading.IsConflict)
        {
            Context.Features.Set(new ConflictingSessions());
            Logger.SessionsConflict();
            return AuthenticateResult.NoResult();
        }

        var check = await CheckAsync(reading);
        if (check.Refusal == SessionRefusal.Unchecked)
        {
            return AuthenticateResult.Fail(check.Refusal.ToString());
        }

        if (neighbours.IsTheirs(Context, check.Refusal))
        {
            return AuthenticateResult.NoResult();
        }

        if (check.Ticket is not { } ticket)
        {
            if (!MayBeBelievedLater(check.Refusal))
            {
                Context.Features.Set(new RefusedSession(check.Refusal, reading.MayBeDeleted));
            }

            Logger.SessionRefused(check.Refusal);
            return AuthenticateResult.NoResult();
        }

        Context.Features.Set(AcceptedSession.Mark);
        return AuthenticateResult.Success(new AuthenticationTicket(
            new ClaimsPrincipal(new SessionIdentity(ticket, shape) { CheckedAt = clock.GetUtcNow() }), app.PropertiesOf(ticket.Session, ticket.IsTransient), Scheme.Name));
    }

    protected override async Task HandleSignInAsync(ClaimsPrincipal user, AuthenticationProperties? properties)
    {
        if (Context.Features.Get<SignInGrant>() is { } grant)
        {
            Context.Features.Set<SignInGrant>(null);
            await issuer.SignInAsync(Context, grant);
            return;
        }

        // A ticket of a remote handler carries the name of its scheme. Without the gate's grant, the sign-in has not been approved:
        // the handler's events do not run as delegates (EventsType), or something put them back.
        if (properties?.Items.ContainsKey(".AuthScheme") == true)
        {
            throw new InvalidOperationException(
                $"The sign-in of scheme '{properties.Items[".AuthScheme"]}' did not go through the sign-in gate. Set Events on its options, not EventsType, "
                + "and call the original event from your own.");
        }

        await direct.SignInAsync(Context, user, properties, async () => (await ResultAsync()).Principal);
    }

    protected override async Task HandleSignOutAsync(AuthenticationProperties? properties)
    {
        if (await IsForeignAsync())
        {
            return;
        }

        var result = await ResultAsync();
        var unproven = Context.Features.Get<UncheckedSession>();
        var ticket = SessionIdentity.Of(result.Principal)?.Ticket ?? (unproven?.IsProven == true ? unproven.Ticket : null);
        if (await issuer.SignOutAsync(Context, ticket))
        {
            Context.Features.Set(new EndedHere(ticket!.Id));
        }

        if (unproven is { IsProven: false })
        {
            sessions.EndUnproven(unproven.Ticket, unproven.AuthJs);
        }
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (MiddlewareOrder.IsWrong(Context, await ResultAsync()))
        {
            throw new AuthSetupException(MiddlewareOrder.Mistake);
        }

        await challenge.ChallengeAsync(Context, properties);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => challenge.ForbidAsync(Context);

    private Task<AuthenticateResult> ResultAsync() => _second ?? HandleAuthenticateOnceSafeAsync();

    /// <summary>Whether the request's session does not count. Logged if there is one.</summary>
    private async ValueTask<bool> IsForeignAsync()
    {
        if (!await origins.IsForeignAsync(Context))
        {
            return false;
        }

        origins.WarnIfSent(Context, cookies);
        return true;
    }

    /// <summary>Whether a cookie is kept although it is not accepted now: it is not valid yet, the clock is in doubt, another node can open its row, or Auth.js will write it again.</summary>
    private bool MayBeBelievedLater(SessionRefusal refusal) => refusal is SessionRefusal.NotYetValid or SessionRefusal.Unsealed or SessionRefusal.LeftBehind or SessionRefusal.OldSecret
        || (refusal == SessionRefusal.Expired && !clock.MayRemove);

    private async ValueTask<SessionCheck> CheckAsync(SessionCookieReading reading)
    {
        if ((reading.Known?.Ticket ?? adoption.TicketOf(reading.ForeignClaims, reading.IsV4)) is not { } ticket)
        {
            return SessionCheck.Refused(reading.ForeignClaims is null ? reading.Refusal : SessionRefusal.NotOurs);
        }

        try
        {
            var (known, refusal) = reading.Known is { } cached ? (cached, SessionRefusal.None) : await adoption.AdoptAsync(Context, ticket, reading);
            if (known is null)
            {
                return SessionCheck.Refused(refusal);
            }

            var check = await sessions.CheckAsync(known, Context.RequestAborted, isUse: !SessionRenewal.IsPassive(Request));
            if (check.Ticket is { } live && !await app.MayGoOnAsync(live.Session, Context.RequestAborted))
            {
                return SessionCheck.Refused(SessionRefusal.Revoked);
            }

            if (stamps.Counts && check.Ticket is { } asked && sessions.IsOutdated(asked))
            {
                // Identity was asked, and the session grants something else by now.
                check = await sessions.CheckAsync(known, Context.RequestAborted, isUse: false);
            }

            return check.Ticket is null || check.IsReplaced ? check : await RenewAsync(known, check);
        }
        catch (SessionStoreException) when (StoreGate.IsSignOut(Request))
        {
            // To end a session, it does not matter whether it is still live.
            Context.Features.Set(reading.Known is { } own
                ? new UncheckedSession(ticket, sessions.IsProven(own), AuthJs: null)
                : new UncheckedSession(ticket, IsProven: false, adoption.Kept(ticket, Request, reading.IsOfFirstSecret)));
            return SessionCheck.Refused(SessionRefusal.Unchecked);
        }
    }

    /// <summary>Renews the cookie where a browser will take it: on a page, or on <c>GET /session</c>. Other requests just go on.</summary>
    private async ValueTask<SessionCheck> RenewAsync(KnownTicket known, SessionCheck check)
    {
        if (!known.NeedsCookie || !SessionRenewal.IsGoodMoment(Request))
        {
            return check;
        }

        try
        {
            if (await sessions.ReissueAsync(known, check.Row, Context.RequestAborted) is { } renewed)
            {
                return SessionCheck.Live(SessionRenewal.Schedule(Context, renewed, cookies));
            }

            return await sessions.IsEndingAsync(known.Ticket, Context.RequestAborted)
                ? check with { IsReplaced = true }
                : SessionCheck.Refused(SessionRefusal.Revoked);
        }
        catch (SessionStoreException exception)
        {
            Logger.RenewalPostponed(exception, known.Ticket.Id);
            return check;
        }
    }
}
