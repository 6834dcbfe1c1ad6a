using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BlazorAuth.Sessions;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Scheme;

/// <summary>
/// Tokens without our session id, which a real Auth.js minted with the same secret: refused, unless
/// <see cref="AuthSessionOptions.AcceptAuthJsTokens"/> is on; then given a session at first read.
/// </summary>
internal sealed class AuthJsAdoption(SessionManager sessions, SessionCookie cookies, IOptions<AuthOptions> options, ILogger<AuthJsAdoption> logger)
{
    public async Task<SessionCheck> AdoptAsync(HttpContext http, JsonObject claims)
    {
        if (!options.Value.Session.AcceptAuthJsTokens || SessionIdOf(claims) is not { } id)
        {
            return SessionCheck.Refused(SessionRefusal.NotOurs);
        }

        var adopted = (JsonObject)claims.DeepClone();
        adopted[AuthClaims.SessionId] = id;
        adopted[AuthClaims.Provider] ??= "authjs";
        if (SessionTicket.FromToken(adopted) is not { } ticket)
        {
            return SessionCheck.Refused(SessionRefusal.NotOurs);
        }

        try
        {
            return await AdoptAsync(http, ticket);
        }
        catch (SessionStoreException exception)
        {
            // Pages go on without a session rather than not at all; the session endpoints say 503, so that no client believes in a sign-out.
            logger.AdoptionPostponed(exception, ticket.Id);
            http.Features.Set(new UncheckedSession(ticket));
            return SessionCheck.Refused(SessionRefusal.Unchecked);
        }
    }

    private async Task<SessionCheck> AdoptAsync(HttpContext http, SessionTicket ticket)
    {
        // The same token has the same id everywhere, so a signed-out copy stays signed out.
        var row = await sessions.FindAsync(ticket.Id, http.RequestAborted) ?? await CreateAsync(http, ticket);
        if (row?.RevokedAt is not null)
        {
            return SessionCheck.Refused(SessionRefusal.Revoked);
        }

        var check = await sessions.CheckAsync(ticket, http.RequestAborted);
        if (check.Ticket is not { } live)
        {
            return check;
        }

        // The cookie gets a life of our length, so the row has to get it first: what cannot be listed cannot be revoked.
        return await sessions.RenewAsync(live, http.RequestAborted) is { } renewed
            ? SessionCheck.Live(SessionRenewal.Schedule(http, renewed, cookies))
            : SessionCheck.Refused(SessionRefusal.Revoked);
    }

    /// <summary>Gives the token a row; the row that is there when another request with the same token came first.</summary>
    private async Task<SessionRecord?> CreateAsync(HttpContext http, SessionTicket ticket)
    {
        try
        {
            await sessions.CreateAsync(ticket, providerAccountId: null, DeviceName.From(http.Request.Headers.UserAgent), http.RequestAborted);
            return null;
        }
        catch (InvalidOperationException)
        {
            if (await sessions.FindAsync(ticket.Id, http.RequestAborted) is { } first)
            {
                return first;
            }

            throw;
        }
    }

    private static string? SessionIdOf(JsonObject claims) =>
        SessionTicket.Text(claims, AuthClaims.TokenId) is { Length: > 0 } tokenId
            ? Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes("authjs\n" + tokenId)))[..22]
            : null;
}
