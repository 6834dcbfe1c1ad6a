using System.Text.Json.Nodes;
using BlazorAuth.Circuits;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Endpoints;

/// <summary>
/// <c>POST session/handover</c>: the session of the cookie, sealed for the page's own circuit in this browser; <c>null</c> when nobody is signed in, no
/// circuit was connected from here, or another session took this one's place: a copy of it moves nowhere.
/// </summary>
internal static class SessionHandoverEndpoint
{
    private const int LongestCircuit = 64;

    public static async Task<IResult> HandleAsync(AuthRequest request, SessionHandover handover, BrowserCookie browser, SessionManager sessions)
    {
        if (request.Body.Field("circuit") is not { Length: > 0 and <= LongestCircuit } circuit)
        {
            return AuthAnswer.BadRequest;
        }

        return await request.Http.CurrentTicketAsync() is { } ticket && !sessions.IsReplaced(ticket) && browser.Hash(request.Http) is { } hash
            ? AuthAnswer.Json(new JsonObject { ["handle"] = handover.Write(ticket, circuit, hash) }.ToJsonString(AuthJson.Compact))
            : AuthAnswer.Null;
    }
}
