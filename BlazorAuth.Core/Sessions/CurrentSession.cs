using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Sessions;

/// <summary>Who is signed in on a request.</summary>
internal static class CurrentSession
{
    /// <summary>The ticket of the request's live session; null when nobody is signed in.</summary>
    public static async ValueTask<SessionTicket?> CurrentTicketAsync(this HttpContext http) =>
        SessionIdentity.Of((await http.AuthenticateAsync(SessionIdentity.Scheme)).Principal)?.Ticket;
}
