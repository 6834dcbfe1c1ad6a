using System.Text.Json.Nodes;
using BlazorAuth.Circuits;
using BlazorAuth.Http;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Endpoints;

/// <summary><c>POST session/handover</c>: the session of the cookie, sealed for the page's own circuit; <c>null</c> when nobody is signed in.</summary>
internal static class SessionHandoverEndpoint
{
    private const int LongestCircuit = 64;

    public static async Task<IResult> HandleAsync(AuthRequest request, SessionHandover handover)
    {
        if (request.Body.Field("circuit") is not { Length: > 0 and <= LongestCircuit } circuit)
        {
            return AuthAnswer.BadRequest;
        }

        return await request.Http.CurrentTicketAsync() is { } ticket
            ? AuthAnswer.Json(new JsonObject { ["handle"] = handover.Write(ticket, circuit) }.ToJsonString(AuthJson.Compact))
            : AuthAnswer.Null;
    }
}
