using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BlazorAuth.Accounts;
using BlazorAuth.Providers;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Scheme;

/// <summary>
/// Tokens without a BlazorAuth session ID, which a real Auth.js minted with the same secret: refused, unless
/// <see cref="AuthSessionOptions.AcceptAuthJsTokens"/> or, for those of next-auth 4, <see cref="AuthSessionOptions.AcceptNextAuth4Cookies"/> is on; then given a session at first read.
/// </summary>
internal sealed class AuthJsAdoption(
    SessionManager sessions, IAccountAuthority accounts, IServiceScopeFactory scopes, IOptions<AuthOptions> options, ILogger<AuthJsAdoption> logger)
{
    private int _warned;

    /// <summary>The session that a foreign token stands for; null where such tokens are refused.</summary>
    public SessionTicket? TicketOf(JsonObject? claims, bool isV4 = false)
    {
        if (claims is null || !(isV4 ? options.Value.Session.AcceptNextAuth4Cookies : options.Value.Session.AcceptAuthJsTokens) || SessionIdOf(claims) is not { } id
            || ProviderText.SubjectProblem(SessionTicket.Text(claims, AuthClaims.Subject) ?? "") is not null)
        {
            return null;
        }

        var adopted = (JsonObject)claims.DeepClone();
        adopted[AuthClaims.SessionId] = id;
        adopted[AuthClaims.Provider] ??= "authjs";
        return SessionTicket.FromToken(adopted) is { } ticket ? sessions.Lifetimes.Shortened(ticket) : null;
    }

    /// <summary>
    /// Finds the session of a foreign token, or makes one. The answer is remembered, so that a client that keeps its token costs this once; and a client that brings
    /// another token each time goes on with the session of the first.
    /// </summary>
    public async Task<(KnownTicket? Known, SessionRefusal Refusal)> AdoptAsync(HttpContext http, SessionTicket ticket, SessionCookieReading reading)
    {
        // The same token has the same id everywhere, so a signed-out copy stays signed out.
        var device = DeviceName.From(http.Request.Headers.UserAgent);
        var row = await sessions.FindAsync(ticket.Id, http.RequestAborted);
        var way = WayIn.OfAuthJs(ticket.Provider, ticket.Session.User, http.RequestServices);
        UserStamp? stamp = null;
        if (row is null && !reading.IsOfFirstSecret)
        {
            // Whoever has an older secret can write such a token about anyone. What has a session here counts for no more than its row.
            if (Interlocked.Exchange(ref _warned, 1) == 0)
            {
                logger.OldSecretNotAdopted();
            }

            return (null, SessionRefusal.OldSecret);
        }

        if (row is null)
        {
            var owner = await FindOwnerAsync(way, http.RequestAborted);
            if (owner.Refusal is not null || (owner.First is { } first && await first.IsDueAsync()))
            {
                return (null, SessionRefusal.Denied);
            }

            // The claims stay those of the token; a stamp that changes from here on ends the session.
            stamp = owner.Describe is { } describe && (await describe(http.RequestAborted)).Stamp is { } current ? current with { Claims = [] } : null;
            way = way with { Stamp = stamp };
            ticket = ticket.For(owner.UserId);
            if (await sessions.IsLeftBehindAsync(ticket.UserId, ticket.IssuedAt, http.RequestAborted))
            {
                return (null, SessionRefusal.LeftBehind);
            }

            row = await sessions.FindAdoptedAsync(ticket.UserId, device, http.RequestAborted);
            if (row is not null && sessions.IsAuthJsSignOutKept(way.Subject, row.Record.CreatedAt))
            {
                // It is about to end: whoever has signed in there again since begins another one.
                row = null;
            }
        }

        if (row is null && await sessions.WasAdoptedOneEndedAsync(ticket.UserId, way.Subject, ticket.IssuedAt, http.RequestAborted))
        {
            return (null, SessionRefusal.LeftBehind);
        }

        if (row is null)
        {
            // From here on nobody gives up: a row about which the last question was not answered would let its user in the next time.
            row = await CreateAsync(ticket, new SessionOrigin(device) { IsAdopted = true, Stamp = stamp }, CancellationToken.None);
            if (!await MayStayAsync(way, ticket))
            {
                return (null, SessionRefusal.Denied);
            }
        }

        if (row.Record.UserId != ticket.UserId && (await FindOwnerAsync(way, http.RequestAborted)).UserId != row.Record.UserId)
        {
            return (null, SessionRefusal.Unknown);
        }

        var isEnding = sessions.IsEnding(row.Record);
        if ((row.Record.RevokedAt is not null && !isEnding) || row.Content is null)
        {
            return (null, row.Record.RevokedAt is null || isEnding ? SessionRefusal.Unsealed : SessionRefusal.Revoked);
        }

        var known = new KnownTicket(ticket.For(row.Record.UserId), isCurrent: false);
        if (isEnding)
        {
            return (known, SessionRefusal.None);
        }

        sessions.Adopt(known, row);
        reading.Remember?.Invoke(known);
        return (known, SessionRefusal.None);
    }

    /// <summary>What is kept of a foreign token whose person signs out while the store cannot be asked.</summary>
    public AuthJsToken Kept(SessionTicket ticket, HttpRequest request, bool isOfFirstSecret) =>
        new(DeviceName.From(request.Headers.UserAgent), isOfFirstSecret, cancellationToken => OwnerOfAsync(ticket, cancellationToken));

    /// <summary>Whose session a foreign token would become if they may sign in; null for nobody's. Fails while that cannot be found out.</summary>
    private async Task<string?> OwnerOfAsync(SessionTicket ticket, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await FindOwnerAsync(WayIn.OfAuthJs(ticket.Provider, ticket.Session.User, scope.ServiceProvider), cancellationToken)).KnownUserId;
    }

    /// <summary>Whose account it is. What the app cannot say at the moment is no refusal, which would cost the cookie: it may be a database that blinked.</summary>
    private async Task<AccountOwner> FindOwnerAsync(WayIn way, CancellationToken cancellationToken)
    {
        var owner = await accounts.FindAsync(way, cancellationToken);
        return owner.Failure is { } failure ? throw new SessionStoreException("The app could not say whose account it is.", failure) : owner;
    }

    /// <summary>Asks once more whether the user may have the session that was just written; false, and it is gone, when they may not.</summary>
    private async Task<bool> MayStayAsync(WayIn way, SessionTicket ticket)
    {
        var mayStay = false;
        try
        {
            return mayStay = await accounts.ConfirmAsync(way, ticket.UserId, CancellationToken.None) is null
                && !await sessions.IsLeftBehindAsync(ticket.UserId, ticket.IssuedAt, CancellationToken.None);
        }
        finally
        {
            if (!mayStay)
            {
                await sessions.DiscardAsync(ticket);
            }
        }
    }

    /// <summary>Gives the token a row; the row that is there when another request with the same token came first.</summary>
    private async Task<SessionRow> CreateAsync(SessionTicket ticket, SessionOrigin origin, CancellationToken cancellationToken)
    {
        try
        {
            await sessions.CreateAsync(sessions.Lifetimes.WithTimes(ticket), origin, cancellationToken);
        }
        catch (InvalidOperationException)
        {
            // It already exists.
        }

        return await sessions.FindAsync(ticket.Id, cancellationToken)
            ?? throw new SessionStoreException($"The row of session {ticket.Id} disappeared right after it was written.");
    }

    private static string? SessionIdOf(JsonObject claims) =>
        SessionTicket.Text(claims, AuthClaims.TokenId) is { Length: > 0 } tokenId
            ? Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes("authjs\n" + tokenId)))[..22]
            : null;
}
