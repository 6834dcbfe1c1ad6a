using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Sessions;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Scheme;

/// <summary>Begins and ends sessions: row, cookie, CSRF token and events.</summary>
internal sealed class SessionIssuer(SessionManager sessions, SessionCookie cookies, ContractCookies authCookies, LastProviderCookie lastProvider, TimeProvider clock,
    ILogger<SessionIssuer> logger)
{
    public async Task SignInAsync(HttpContext http, SignInGrant grant)
    {
        SessionRenewal.Cancel(http);
        var before = await http.CurrentTicketAsync();
        var ticket = await ContinueAsync(before, grant, http.RequestAborted) ?? await CreateAsync(http, before, grant);
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

    /// <summary>
    /// The same person signing in again in the same browser keeps the session: two tabs that sign in together both succeed, and open pages
    /// stay signed in. It is no fresher for it, unless the person was asked again. Null when there is no such session.
    /// </summary>
    private async Task<SessionTicket?> ContinueAsync(SessionTicket? before, SignInGrant grant, CancellationToken cancellationToken)
    {
        if (before is null || before.UserId != grant.User.Id || before.Provider != grant.Account.Provider)
        {
            return null;
        }

        // It is no fresher for it, unless the person was asked again.
        return await UpdateAsync(before, grant, cancellationToken) is { } updated ? await sessions.RenewAsync(updated, cancellationToken) : null;
    }

    // The claims of a sign-in are new from the ground up. Null when the session is over, or changes faster than it can be written: a new one is begun.
    private async Task<SessionTicket?> UpdateAsync(SessionTicket before, SignInGrant grant, CancellationToken cancellationToken)
    {
        RowContent Granted(RowContent content) => content with
        {
            Claims = grant.Claims,
            ProviderAccountId = grant.Account.ProviderAccountId,
            AuthenticatedAt = grant.IsConfirmation ? grant.AuthenticatedAt : content.AuthenticatedAt,
        };

        for (var (attempt, newest) = (0, (SessionTicket?)before); attempt < 5 && newest is not null; attempt++)
        {
            if (await sessions.UpdateAsync(newest, Granted, cancellationToken) is { } updated)
            {
                return updated;
            }

            newest = await sessions.RefreshAsync(newest, cancellationToken);
        }

        return null;
    }

    private async Task<SessionTicket> CreateAsync(HttpContext http, SessionTicket? before, SignInGrant grant)
    {
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var ticket = await sessions.CreateAsync(
            sessions.Lifetimes.WithTimes(New(id, grant, Now())), grant.Account.ProviderAccountId, DeviceName.From(http.Request.Headers.UserAgent), http.RequestAborted);
        if (grant.AskAgain is { } ask && await ask(http.RequestAborted) is { } refusal)
        {
            // Banned or deleted since the gate asked: the row is there, and nobody ever got its cookie.
            await sessions.RevokeAsync(ticket, RevocationReason.Banned);
            throw new SignInRefusedException(refusal);
        }

        if (before is not null)
        {
            // Somebody else was signed in here: their cookie is overwritten, so their session must not live on in a copy.
            await sessions.RevokeAsync(before, RevocationReason.Replaced);
        }

        return ticket;
    }

    private static SessionTicket New(string id, SignInGrant grant, DateTimeOffset now) => new()
    {
        Id = id,
        Version = 1,
        UserId = grant.User.Id,
        Provider = grant.Account.Provider,
        Claims = (JsonObject)grant.Claims.DeepClone(),
        SignedInAt = now,
        AuthenticatedAt = grant.AuthenticatedAt,
        IssuedAt = now,
        ExpiresAt = now,
    };

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
}
