using BlazorAuth.Http;
using BlazorAuth.Sync;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Scheme;

/// <summary>When and how a renewed cookie goes out with a response that is about something else.</summary>
internal static class SessionRenewal
{
    private const string PassiveHeader = "X-Auth-Passive";

    /// <summary>Whether a script only checks, without user activity: such a request keeps no session alive. Header: <c>X-Auth-Passive: 1</c>.</summary>
    public static bool IsPassive(HttpRequest request) => request.Headers.ContainsKey(PassiveHeader);

    public static bool IsGoodMoment(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && !IsPassive(request)
        && (AuthPaths.EndsIn(request, "/session")
            || AuthAnswer.AcceptsHtml(request));

    /// <summary>Writes the cookie just before the response starts, unless the session was signed out or replaced by then.</summary>
    public static SessionTicket Schedule(HttpContext http, SessionTicket ticket, SessionCookie cookies)
    {
        var pending = new PendingRenewal();
        http.Features.Set(pending);
        http.Response.OnStarting(() =>
        {
            if (ReferenceEquals(http.Features.Get<PendingRenewal>(), pending) && IsNewest(http, ticket))
            {
                cookies.Write(http, ticket);
                // Regardless of the page's own headers: a session cookie must not end up in a shared cache.
                http.Response.Headers.CacheControl = AuthAnswer.NoStore;
            }

            return Task.CompletedTask;
        });
        return ticket;
    }

    // A slow response must neither restore a session that was signed out or replaced in the meantime, nor overwrite newer claims.
    private static bool IsNewest(HttpContext http, SessionTicket ticket) =>
        http.RequestServices.GetRequiredService<KnownChanges>().Find(ticket.Id) is not { } change
        || (change is { Revoked: false, ReplacedBy: null } && change.Version <= ticket.Version);

    public static void Cancel(HttpContext http) => http.Features.Set<PendingRenewal>(null);

    private sealed class PendingRenewal;
}
