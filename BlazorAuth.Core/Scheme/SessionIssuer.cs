using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
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
    public async Task SignInAsync(HttpContext http, SignInGrant grant)
    {
        SessionRenewal.Cancel(http);
        var ticket = await BeginAsync(http, await http.CurrentTicketAsync() ?? await BeganInAsync(http, grant), grant);
        if (grant.AskAgain is { } ask && await ask(http.RequestAborted) is { } refusal)
        {
            // Banned or deleted since the gate asked: the row exists, and its cookie was never sent.
            await sessions.DiscardAsync(ticket);
            throw new SignInRefusedException(refusal);
        }

        http.Features.Set(new BegunSession(ticket));
        cookies.Write(http, ticket);
        authCookies.RotateCsrf(http);
        lastProvider.Write(http, ticket.Provider);
        await AuthEventRunner.RunAsync(
            http.RequestServices,
            events => events.SignedInAsync(new SignedInContext { Session = ticket.Session, Account = grant.Account, Services = http.RequestServices }));
    }

    public async Task SignOutAsync(HttpContext http, SessionTicket? ticket)
    {
        SessionRenewal.Cancel(http);
        cookies.Forget(http);
        if (ticket is not null)
        {
            await sessions.EndAsync(ticket);
            logger.SessionEnded(ticket.Id);
            await AuthEventRunner.RunAsync(
                http.RequestServices, events => events.SignedOutAsync(new SignedOutContext { Session = ticket.Session, Services = http.RequestServices }));
        }
    }

    /// <summary>The session in which a sign-in began whose answer brings no cookie of it: a form that the provider's page posts.</summary>
    private async Task<SessionTicket?> BeganInAsync(HttpContext http, SignInGrant grant) =>
        grant.BeganIn is { } id ? await sessions.FindTicketAsync(id, http.RequestAborted) : null;

    /// <summary>
    /// Begins a session. If the same person is already signed in here, it replaces the previous one; two tabs that do so at once get the same one.
    /// </summary>
    private async Task<SessionTicket> BeginAsync(HttpContext http, SessionTicket? before, SignInGrant grant)
    {
        var origin = new SessionOrigin(DeviceName.From(http.Request.Headers.UserAgent))
        {
            ProviderAccountId = grant.Account.ProviderAccountId, Browser = browser.Ensure(http), Stamp = grant.Stamp,
        };
        if (before is not null && before.UserId == grant.User.Id)
        {
            return await sessions.ReplaceAsync(before.Id, InPlaceOf(before, grant), origin, http.RequestAborted)
                ?? await JoinAsync(before, grant, origin, http.RequestAborted)
                ?? await sessions.CreateAsync(InPlaceOf(before, grant), origin, http.RequestAborted);
        }

        var ticket = await sessions.CreateAsync(New(grant), origin, http.RequestAborted);
        if (before is not null)
        {
            // Someone else was signed in here: their cookie is overwritten, so their session must not live on in a copy.
            await sessions.RevokeAsync(before, RevocationReason.Replaced);
        }

        return ticket;
    }

    // It is no fresher than the one before, unless the person was asked again.
    private SessionTicket InPlaceOf(SessionTicket before, SignInGrant grant) =>
        New((grant.IsConfirmation ? grant : grant with { AuthenticatedAt = FormerProof(before, grant) }) with { IsPersistent = grant.IsPersistent ?? !before.IsTransient });

    // What one provider has seen must not count as if another had: the earlier of the two is what both have seen.
    private static DateTimeOffset? FormerProof(SessionTicket before, SignInGrant grant) =>
        before.Provider == grant.Account.Provider || before.AuthenticatedAt < grant.AuthenticatedAt ? before.AuthenticatedAt : grant.AuthenticatedAt;

    /// <summary>
    /// The session that another tab of this browser began a moment ago in the place of the same one; null when there is none. Where the person was asked again, and
    /// in the other tab was not, yet another takes its place: no session becomes fresher than it was.
    /// </summary>
    private async Task<SessionTicket?> JoinAsync(SessionTicket before, SignInGrant grant, SessionOrigin origin, CancellationToken cancellationToken)
    {
        if (await sessions.FindReplacementAsync(before.Id, before.UserId, origin.Browser!, cancellationToken) is not { } row)
        {
            return null;
        }

        var ticket = sessions.TicketOf(row);
        return grant.IsConfirmation && !(ticket.AuthenticatedAt + AuthTime.ClockSkew >= grant.AuthenticatedAt)
            ? await sessions.ReplaceAsync(ticket.Id, InPlaceOf(ticket, grant), origin, cancellationToken)
            : await sessions.RenewAsync(ticket, cancellationToken);
    }

    private SessionTicket New(SignInGrant grant)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        return sessions.Lifetimes.WithTimes(new SessionTicket
        {
            Id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            Version = 1,
            UserId = grant.User.Id,
            Provider = grant.Account.Provider,
            Claims = (JsonObject)grant.Claims.DeepClone(),
            SignedInAt = now,
            AuthenticatedAt = grant.AuthenticatedAt,
            IssuedAt = now,
            ExpiresAt = now,
            IsTransient = grant.IsPersistent == false,
        });
    }
}

/// <summary>The session that this request began: its cookie is in the answer.</summary>
internal sealed record BegunSession(SessionTicket Ticket);
