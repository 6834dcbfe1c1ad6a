using System.Security.Claims;
using BlazorAuth.Http;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Scheme;

/// <summary>
/// When an app calls <c>UseRouting</c> itself, <c>WebApplication</c> puts authentication before it. Whether the session of a request from another origin counts is then judged
/// again when its endpoint is known, which may let the origin in, or may not.
/// </summary>
internal sealed class LateEndpoint(OriginCheck origins, SessionCookie cookies) : MatcherPolicy, IEndpointSelectorPolicy
{
    /// <summary>After all that decide which endpoint it is.</summary>
    public override int Order => int.MaxValue;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => true;

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates) =>
        OriginCheck.ForeignWithoutEndpoint(httpContext) is { } wasForeign && Chosen(candidates) is { } endpoint
            ? JudgeAsync(httpContext, endpoint, wasForeign)
            : Task.CompletedTask;

    private async Task JudgeAsync(HttpContext http, Endpoint endpoint, bool wasForeign)
    {
        http.SetEndpoint(endpoint);
        try
        {
            if (await origins.IsForeignAsync(http) != wasForeign)
            {
                await AuthenticateAgainAsync(http);
            }
            else if (wasForeign)
            {
                origins.WarnIfSent(http, cookies);
            }
        }
        finally
        {
            http.SetEndpoint(null);
        }
    }

    private static async Task AuthenticateAgainAsync(HttpContext http)
    {
        var handlers = http.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        if (await handlers.GetHandlerAsync(http, SessionIdentity.Scheme) is not SessionHandler handler)
        {
            return;
        }

        var accepted = http.Features.Get<AcceptedSession>();
        await handler.AuthenticateAgainAsync();
        if (http.Features.Get<IAuthenticationFeature>() is null)
        {
            // The app tells by itself who is signed in, if at all: what it has made of a session that counted stays one for whoever guards connections.
            http.Features.Set(http.Features.Get<AcceptedSession>() ?? accepted);
            return;
        }

        // Whatever scheme is the app's default: it may forward to this one.
        var result = await http.AuthenticateAsync();
        var known = http.Features.Get<IAuthenticateResultFeature>();
        if (accepted is not null || (SessionIdentity.Of(known?.AuthenticateResult?.Principal) ?? SessionIdentity.Of(http.User) ?? SessionIdentity.Of(result.Principal)) is not null)
        {
            http.User = result.Principal ?? new ClaimsPrincipal(new ClaimsIdentity());
            if (known is not null)
            {
                known.AuthenticateResult = result;
            }
        }
    }

    // As the platform chooses: the first of those that are left.
    private static Endpoint? Chosen(CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i))
            {
                return candidates[i].Endpoint;
            }
        }

        return null;
    }
}
