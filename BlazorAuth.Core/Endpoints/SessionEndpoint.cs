using System.Text.Json.Nodes;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Scheme;
using BlazorAuth.Sessions;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET session</c>: the session as JSON, or <c>null</c>. <c>POST session</c>: the client's <c>update(data)</c>.</summary>
internal static class SessionEndpoint
{
    private const int MostAsked = 5;

    public static async Task<IResult> ReadAsync(AuthRequest request, ContractCookies authCookies, SessionCookie cookies, SessionManager sessions)
    {
        authCookies.AddMissing(request);
        if (await TicketAsync(request, cookies) is not { } ticket)
        {
            return AuthAnswer.Null;
        }

        var changed = await AskTokenAsync(request, ticket, TokenTrigger.Read, sessions, cookies);
        return changed is null ? AuthAnswer.Null : await AnswerAsync(request, changed);
    }

    public static async Task<IResult> UpdateAsync(AuthRequest request, ContractCookies authCookies, SessionCookie cookies, SessionManager sessions)
    {
        authCookies.AddMissing(request);
        if (await TicketAsync(request, cookies) is not { } ticket)
        {
            return AuthAnswer.Null;
        }

        // The browser has another session, or is about to get one in another response: this response must neither overwrite nor delete it.
        if (sessions.IsReplaced(ticket))
        {
            return await AnswerAsync(request, ticket);
        }

        if (!sessions.TryBeginUpdate(ticket))
        {
            request.Http.Response.Headers.RetryAfter = "1";
            return AuthAnswer.Json("null", StatusCodes.Status429TooManyRequests);
        }

        try
        {
            return await UpdateAsync(request, ticket, cookies, sessions);
        }
        finally
        {
            sessions.EndUpdate(ticket);
        }
    }

    private static async Task<IResult> UpdateAsync(AuthRequest request, SessionTicket ticket, SessionCookie cookies, SessionManager sessions)
    {
        var updated = await AskTokenAsync(request, ticket, TokenTrigger.Update, sessions, cookies);
        // Where nothing was written, only the row tells whether another node has ended or replaced the session: its cookie must not overwrite a new one.
        if (updated is not null && sessions.WasJustWritten(updated) && !(ReferenceEquals(updated, ticket) && await sessions.IsOverAsync(ticket, request.Cancelled)))
        {
            return await AnswerAsync(request, SessionRenewal.Schedule(request.Http, updated, cookies));
        }

        if (updated is null || await sessions.RenewAsync(updated, request.Cancelled) is not { } renewed)
        {
            if (await sessions.IsEndingAsync(ticket, request.Cancelled))
            {
                return await AnswerAsync(request, ticket);
            }

            if (!sessions.IsReplaced(ticket))
            {
                DeleteUnlessForeign(request, cookies);
            }

            return AuthAnswer.Null;
        }

        return await AnswerAsync(request, SessionRenewal.Schedule(request.Http, renewed, cookies));
    }

    private static async ValueTask<SessionTicket?> TicketAsync(AuthRequest request, SessionCookie cookies)
    {
        var result = await request.Http.AuthenticateAsync(SessionIdentity.Scheme);
        if (request.Http.Features.Get<RefusedSession>() is not null)
        {
            DeleteUnlessForeign(request, cookies);
        }

        return SessionIdentity.Of(result.Principal)?.Ticket;
    }

    // A cookie that another site on this domain may have set is kept, and so is the browser's own that it may hide.
    private static void DeleteUnlessForeign(AuthRequest request, SessionCookie cookies)
    {
        if (request.Http.Features.Get<RefusedSession>() is not { MayBeDeleted: false } && request.Http.Features.Get<ConflictingSessions>() is null)
        {
            cookies.Delete(request.Http);
        }
    }

    /// <summary>
    /// Calls the app's token callback; stores and re-issues what it changed. Null when the session is over. When the claims were changed elsewhere while
    /// it thought, it is asked again about theirs, so that no change is lost.
    /// </summary>
    private static async ValueTask<SessionTicket?> AskTokenAsync(
        AuthRequest request, SessionTicket ticket, TokenTrigger trigger, SessionManager sessions, SessionCookie cookies)
    {
        var callbacks = request.Http.RequestServices.GetRequiredService<AuthCallbacks>();
        if (!callbacks.ChangesToken || sessions.IsReplaced(ticket))
        {
            return ticket;
        }

        for (var asked = 0; asked < MostAsked; asked++)
        {
            if (await AskOnceAsync(request, callbacks, ticket, trigger) is not { } claims)
            {
                // The browser may have the cookie of the session that replaced it.
                var isReplaced = await sessions.WasReplacedAsync(ticket, request.Cancelled);
                await sessions.RevokeAsync(ticket, RevocationReason.Revoked);
                SessionRenewal.Cancel(request.Http);
                if (!isReplaced)
                {
                    cookies.Delete(request.Http);
                }

                return null;
            }

            if (JsonEquality.AreSame(claims, ticket.Claims))
            {
                return ticket;
            }

            if (await sessions.UpdateAsync(ticket, claims, request.Cancelled) is { } updated)
            {
                return trigger == TokenTrigger.Read ? SessionRenewal.Schedule(request.Http, updated, cookies) : updated;
            }

            if (await sessions.RefreshAsync(ticket, request.Cancelled) is not { } newest)
            {
                return await sessions.IsEndingAsync(ticket, request.Cancelled) ? ticket : null;
            }

            ticket = newest;
        }

        throw new SessionStoreException($"The claims of session {ticket.Id} changed {MostAsked} times while the token callback was running.");
    }

    /// <summary>The claims as the app's callback wants them; null when it ends the session.</summary>
    private static async ValueTask<JsonObject?> AskOnceAsync(AuthRequest request, AuthCallbacks callbacks, SessionTicket ticket, TokenTrigger trigger)
    {
        var context = new TokenContext
        {
            Claims = (JsonObject)ticket.Claims.DeepClone(),
            Trigger = trigger,
            Data = trigger == TokenTrigger.Update ? request.Data : null,
            Services = request.Http.RequestServices,
            CancellationToken = request.Cancelled,
        };
        return await callbacks.TokenAsync(context) ? SessionTicket.WithoutReserved(context.Claims) : null;
    }

    private static async ValueTask<IResult> AnswerAsync(AuthRequest request, SessionTicket ticket)
    {
        var services = request.Http.RequestServices;
        var callbacks = services.GetRequiredService<AuthCallbacks>();
        var events = services.GetRequiredService<AuthEvents>();
        if (!callbacks.ChangesSession && !events.HearsReads)
        {
            return AuthAnswer.Json(ticket.Json);
        }

        var context = new SessionContext
        {
            Session = ticket.Session, Body = SessionJson.Create(ticket), Services = services, CancellationToken = request.Cancelled,
        };
        await callbacks.SessionAsync(context);
        await AuthEventRunner.RunAsync(services, hears => hears.SessionReadAsync(context));
        return AuthAnswer.Json(context.Body.ToJsonString(AuthJson.Compact));
    }
}
