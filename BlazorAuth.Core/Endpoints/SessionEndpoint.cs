using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth;

/// <summary><c>GET session</c>: the session as JSON, or <c>null</c>. <c>POST session</c>: the client's <c>update(data)</c>.</summary>
internal static class SessionEndpoint
{
    public static async Task<IResult> ReadAsync(AuthRequest request, AuthCookies authCookies, SessionCookies cookies, SessionManager sessions)
    {
        authCookies.Write(request);
        if (await TicketAsync(request, cookies) is not { } ticket)
        {
            return AuthAnswer.Null;
        }

        var changed = await AskTokenAsync(request, ticket, TokenTrigger.Read, sessions, cookies);
        return changed is null ? AuthAnswer.Null : await AnswerAsync(request, changed);
    }

    public static async Task<IResult> UpdateAsync(AuthRequest request, AuthCookies authCookies, SessionCookies cookies, SessionManager sessions)
    {
        authCookies.Write(request);
        if (await TicketAsync(request, cookies) is not { } ticket
            || await AskTokenAsync(request, ticket, TokenTrigger.Update, sessions, cookies) is not { } updated
            || await sessions.RenewAsync(updated, request.Cancelled) is not { } renewed)
        {
            cookies.Delete(request.Http);
            return AuthAnswer.Null;
        }

        cookies.Write(request.Http, renewed);
        return await AnswerAsync(request, renewed);
    }

    private static async Task<SessionTicket?> TicketAsync(AuthRequest request, SessionCookies cookies)
    {
        var result = await request.Http.AuthenticateAsync(SessionIdentity.Scheme);
        if (request.Http.Features.Get<RefusedSession>() is not null)
        {
            cookies.Delete(request.Http);
        }

        return SessionIdentity.Of(result.Principal)?.Ticket;
    }

    /// <summary>Asks the app's token callback; stores and re-issues what it changed. Null when it ended the session.</summary>
    private static async Task<SessionTicket?> AskTokenAsync(
        AuthRequest request, SessionTicket ticket, TokenTrigger trigger, SessionManager sessions, SessionCookies cookies)
    {
        var context = new TokenContext
        {
            Claims = (JsonObject)ticket.Claims.DeepClone(),
            Trigger = trigger,
            Data = trigger == TokenTrigger.Update ? request.Data : null,
            Services = request.Http.RequestServices,
            CancellationToken = request.Cancelled,
        };
        if (!await request.Http.RequestServices.GetRequiredService<AuthCallbacks>().TokenAsync(context))
        {
            await sessions.EndAsync(ticket);
            SessionRenewal.Cancel(request.Http);
            cookies.Delete(request.Http);
            return null;
        }

        var claims = SessionTicket.WithoutReserved(context.Claims);
        if (JsonNode.DeepEquals(claims, ticket.Claims))
        {
            return ticket;
        }

        var updated = await sessions.UpdateAsync(ticket, claims, request.Cancelled);
        if (updated is not null && trigger == TokenTrigger.Read)
        {
            SessionRenewal.Schedule(request.Http, updated, cookies);
        }

        return updated;
    }

    private static async Task<IResult> AnswerAsync(AuthRequest request, SessionTicket ticket)
    {
        var session = ticket.Session;
        var user = new JsonObject();
        Add(user, "name", AuthClaims.Name, ticket);
        Add(user, "email", AuthClaims.Email, ticket);
        Add(user, "image", AuthClaims.Picture, ticket);
        var body = new JsonObject
        {
            ["user"] = user,
            ["expires"] = session.ExpiresAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        };
        var context = new SessionContext
        {
            Session = session, Body = body, Services = request.Http.RequestServices, CancellationToken = request.Cancelled,
        };
        await request.Http.RequestServices.GetRequiredService<AuthCallbacks>().SessionAsync(context);
        await AuthEventRunner.RunAsync(request.Http.RequestServices, events => events.SessionReadAsync(context));
        return AuthAnswer.Json(body.ToJsonString(AuthJson.Compact));
    }

    private static void Add(JsonObject user, string name, string claim, SessionTicket ticket)
    {
        if (ticket.Claims.TryGetPropertyValue(claim, out var value))
        {
            user[name] = value?.DeepClone();
        }
    }
}
