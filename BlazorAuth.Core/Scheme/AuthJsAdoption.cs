using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BlazorAuth.Sessions;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Scheme;

/// <summary>
/// Tokens without our session id, which a real Auth.js minted with the same secret: refused, unless
/// <see cref="AuthSessionOptions.AcceptAuthJsTokens"/> is on; then given a session at first read.
/// </summary>
internal sealed class AuthJsAdoption(SessionManager sessions, IOptions<AuthOptions> options)
{
    /// <summary>The session that a foreign token stands for; null where such tokens are refused.</summary>
    public SessionTicket? TicketOf(JsonObject? claims)
    {
        if (claims is null || !options.Value.Session.AcceptAuthJsTokens || SessionIdOf(claims) is not { } id)
        {
            return null;
        }

        var adopted = (JsonObject)claims.DeepClone();
        adopted[AuthClaims.SessionId] = id;
        adopted[AuthClaims.Provider] ??= "authjs";
        return SessionTicket.FromToken(adopted) is { } ticket ? sessions.Lifetimes.Shortened(ticket) : null;
    }

    /// <summary>Finds the row of a foreign token, or makes one. The answer is remembered, so that a client that keeps its token costs this once; null when it is revoked.</summary>
    public async Task<KnownTicket?> AdoptAsync(HttpContext http, SessionTicket ticket, SessionCookieReading reading)
    {
        // The same token has the same id everywhere, so a signed-out copy stays signed out.
        var row = await sessions.FindAsync(ticket.Id, http.RequestAborted) ?? await CreateAsync(http, ticket);
        if (row?.Record.RevokedAt is not null)
        {
            return null;
        }

        var known = new KnownTicket(ticket, isCurrent: false);
        reading.Remember?.Invoke(known);
        return known;
    }

    /// <summary>Gives the token a row; the row that is there when another request with the same token came first.</summary>
    private async Task<SessionRow?> CreateAsync(HttpContext http, SessionTicket ticket)
    {
        try
        {
            await sessions.CreateAsync(
                ticket, providerAccountId: null, DeviceName.From(http.Request.Headers.UserAgent), http.RequestAborted, isAdopted: true);
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
