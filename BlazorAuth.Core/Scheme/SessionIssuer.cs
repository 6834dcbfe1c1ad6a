using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Scheme;

/// <summary>Begins and ends sessions: row, cookie, CSRF token and events.</summary>
internal sealed class SessionIssuer(SessionManager sessions, SessionCookie cookies, ContractCookies authCookies, LastProviderCookie lastProvider, BrowserCookie browser,
    SharedClock clock, ILogger<SessionIssuer> logger)
{
    /// <returns>False, with nobody signed in, when the grant repeats a session that is over by now.</returns>
    public async Task<bool> SignInAsync(HttpContext http, SignInGrant grant)
    {
        SessionRenewal.Cancel(http);
        if (await BeginAsync(http, grant) is not { } begun)
        {
            return false;
        }

        var (ticket, refusal) = await AskAgainAsync(begun, grant, http.RequestAborted);
        if (refusal is { } reason)
        {
            // The user was banned, deleted or signed out everywhere after the gate's check: the row exists, but its cookie was never sent.
            await sessions.DiscardAsync(ticket, reason == AuthErrorReason.Expired ? RevocationReason.Revoked : RevocationReason.Banned);
            throw new SignInRefusedException(reason);
        }

        http.Features.Set(new BegunSession(ticket));
        cookies.Write(http, ticket);
        authCookies.RotateCsrf(http);
        lastProvider.Write(http, ticket.Provider);
        await AuthEventRunner.RunAsync(
            http.RequestServices,
            events => events.SignedInAsync(new SignedInContext { Session = ticket.Session, Account = grant.Account, Services = http.RequestServices }));
        return true;
    }

    /// <returns>Whether this ended a session: false where there was none, or where it was over before.</returns>
    public async Task<bool> SignOutAsync(HttpContext http, SessionTicket? ticket)
    {
        SessionRenewal.Cancel(http);
        cookies.Forget(http);
        if (ticket is null)
        {
            return false;
        }

        var hasEnded = await sessions.EndAsync(ticket);
        logger.SessionEnded(ticket.Id);
        await AuthEventRunner.RunAsync(
            http.RequestServices, events => events.SignedOutAsync(new SignedOutContext { Session = ticket.Session, Services = http.RequestServices }));
        return hasEnded;
    }

    /// <summary>What has changed until the row was written: from now on, whoever changes something finds it.</summary>
    private async Task<(SessionTicket Ticket, AuthErrorReason? Refusal)> AskAgainAsync(Begun begun, SignInGrant grant, CancellationToken cancellationToken)
    {
        var ticket = begun.Ticket;
        try
        {
            if (begun.IsNew && (sessions.IsFromBefore(grant.BeganAt) || await sessions.IsLateAsync(ticket.UserId, AllSessions.Ended, grant.BeganAt, cancellationToken)))
            {
                logger.SignInOutlived(ticket.Id);
                return (ticket, AuthErrorReason.Expired);
            }

            if (grant.AskAgain is { } ask && await ask(cancellationToken) is { } refusal)
            {
                return (ticket, refusal);
            }

            if (begun.IsOwn && grant.ClaimAgain is { } claim && await sessions.IsLateAsync(ticket.UserId, AllSessions.Changed, grant.ClaimedAt, cancellationToken))
            {
                // If something else changes them first, the cookie's claims are known to be outdated.
                return await claim(cancellationToken) is { } claims
                    ? (await sessions.UpdateAsync(ticket, claims, cancellationToken) ?? ticket, null)
                    : (ticket, AuthErrorReason.None);
            }

            return (ticket, null);
        }
        catch when (begun.IsOwn)
        {
            // Its cookie is not sent, and its user may have been deleted meanwhile.
            await sessions.DiscardAsync(ticket, RevocationReason.Revoked);
            throw;
        }
    }

    /// <summary>The session in which a sign-in began whose answer brings no cookie of it: a form that the provider's page posts.</summary>
    private async Task<SessionTicket?> BeganInAsync(HttpContext http, SignInGrant grant) =>
        grant.BeganIn is { } id ? await sessions.FindTicketAsync(id, http.RequestAborted) : null;

    /// <summary>
    /// Begins a session. If the same person is already signed in here, it replaces the previous one; two tabs that do so at once get the same one. Null when the app
    /// repeats a session that was replaced or has ended: a copy of it, or somebody who was banned just now, must not get another one.
    /// </summary>
    private async Task<Begun?> BeginAsync(HttpContext http, SignInGrant grant)
    {
        var current = await http.CurrentTicketAsync() ?? await BeganInAsync(http, grant);
        var before = grant.Repeats is null || grant.Repeats == current?.Id ? current : await sessions.FindTicketAsync(grant.Repeats, http.RequestAborted);
        var origin = new SessionOrigin(DeviceName.From(http.Request.Headers.UserAgent))
        {
            ProviderAccountId = grant.ProviderAccountId, Browser = browser.Ensure(http), Stamp = grant.Stamp,
        };
        var goesOn = before?.UserId == grant.User.Id;
        var begun = goesOn ? await GoOnAsync(before!, grant, origin, http.RequestAborted)
            : grant.Repeats is null || await TakeAsync(before) ? new Begun(await sessions.CreateAsync(New(grant), origin, http.RequestAborted)) { IsNew = true }
            : null;
        if (begun is not null && current is not null && current.Id != begun.Ticket.Id && !(goesOn && current.Id == before!.Id))
        {
            // This browser had another session: its cookie is overwritten, so it must not live on in a copy.
            await sessions.RevokeAsync(current, RevocationReason.Replaced);
        }

        return begun;
    }

    private async Task<Begun?> GoOnAsync(SessionTicket before, SignInGrant grant, SessionOrigin origin, CancellationToken cancellationToken)
    {
        if (await sessions.ReplaceAsync(before.Id, InPlaceOf(before, grant), origin, cancellationToken) is { } replacement)
        {
            return await NewestOfAsync(replacement, before.Id, grant) is { } newest ? new Begun(newest) : null;
        }

        // The store has decided that it is over, which overrides the earlier lookup.
        return await JoinAsync(before, grant, origin, cancellationToken)
            ?? (grant.Repeats is null ? new Begun(await sessions.CreateAsync(InPlaceOf(before, grant), origin, cancellationToken)) { IsNew = true } : null);
    }

    /// <summary>A session with what its predecessor granted last, if that was changed while the app repeated what it knew; null, and none, if that cannot be told.</summary>
    private async Task<SessionTicket?> NewestOfAsync(SessionTicket replacement, string replacedId, SignInGrant grant)
    {
        if (grant.RepeatedVersion is not { } version)
        {
            return replacement;
        }

        SessionTicket? newest = null;
        try
        {
            newest = await sessions.FindAsync(replacedId, CancellationToken.None) switch
            {
                { Record: var replaced } when replaced.Version == version => replacement,
                { Content: { } content } => await sessions.UpdateAsync(replacement, grant.ClaimsAfter(content), CancellationToken.None),
                null => replacement,

                // Changed, but nothing here opens it.
                _ => null,
            };
            return newest;
        }
        finally
        {
            if (newest is null)
            {
                // It was changed, too, or the store fell silent: nobody has its cookie.
                await sessions.DiscardAsync(replacement, RevocationReason.Revoked);
            }
        }
    }

    /// <summary>Ends the session of somebody who goes on as somebody else. False when it had ended or was replaced.</summary>
    private async Task<bool> TakeAsync(SessionTicket? before) =>
        before is not null && await sessions.RevokeAsync(before, RevocationReason.Replaced)
        && await sessions.WasLiveAsync(before.Id, RevocationReason.Replaced, CancellationToken.None);

    // It is no fresher than the one before, unless the person was asked again.
    private SessionTicket InPlaceOf(SessionTicket before, SignInGrant grant) =>
        New((grant.IsConfirmation ? grant : grant with { AuthenticatedAt = FormerProof(before, grant) }) with { IsPersistent = grant.IsPersistent ?? !before.IsTransient });

    // An authentication at one provider must not count for another, so the earlier of the two times is used.
    private static DateTimeOffset? FormerProof(SessionTicket before, SignInGrant grant) =>
        before.Provider == grant.Provider || before.AuthenticatedAt < grant.AuthenticatedAt ? before.AuthenticatedAt : grant.AuthenticatedAt;

    /// <summary>
    /// The session that another tab of this browser began a moment ago in the place of the same one; null when there is none. Where the person was asked again, and
    /// in the other tab was not, yet another takes its place: no session becomes fresher than it was.
    /// </summary>
    private async Task<Begun?> JoinAsync(SessionTicket before, SignInGrant grant, SessionOrigin origin, CancellationToken cancellationToken)
    {
        if (await sessions.FindReplacementAsync(before.Id, before.UserId, origin.Browser!, cancellationToken) is not { } row)
        {
            return null;
        }

        var ticket = sessions.TicketOf(row);
        if (!grant.IsConfirmation || ticket.AuthenticatedAt + AuthTime.ClockSkew >= grant.AuthenticatedAt)
        {
            return await sessions.RenewAsync(ticket, cancellationToken) is { } joined ? new Begun(joined, IsOwn: false) : null;
        }

        var again = grant.RepeatedVersion is null ? grant : grant with { Claims = row.Content is { } content ? grant.ClaimsAfter(content) : ticket.Claims, RepeatedVersion = ticket.Version };
        return await sessions.ReplaceAsync(ticket.Id, InPlaceOf(ticket, again), origin, cancellationToken) is { } replacement
            && await NewestOfAsync(replacement, ticket.Id, again) is { } newest ? new Begun(newest) : null;
    }

    private SessionTicket New(SignInGrant grant)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        return sessions.Lifetimes.WithTimes(new SessionTicket
        {
            Id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            Version = 1,
            UserId = grant.User.Id,
            Provider = grant.Provider,
            Claims = (JsonObject)JsonCopy.Of(grant.Claims)!,
            SignedInAt = grant.Former?.Record.CreatedAt ?? now,
            AuthenticatedAt = grant.AuthenticatedAt,
            IssuedAt = now,
            ExpiresAt = now,
            IsTransient = grant.IsPersistent == false,
        });
    }

    /// <param name="Ticket">The session.</param>
    /// <param name="IsOwn">Whether it was begun just now, and not by another tab.</param>
    private sealed record Begun(SessionTicket Ticket, bool IsOwn = true)
    {
        /// <summary>Whether it takes no live session's place, which would have ended with all of its user's.</summary>
        public bool IsNew { get; init; }
    }
}

/// <summary>The session that this request began: its cookie is in the answer.</summary>
internal sealed record BegunSession(SessionTicket Ticket);
