using BlazorAuth;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Authentication;

namespace Microsoft.AspNetCore.Http;

/// <summary>The session on the server; Auth.js's <c>auth()</c>.</summary>
public static class HttpContextSessionExtensions
{
    /// <summary>
    /// The session of the request; <see langword="null"/> when nobody is signed in. To require a session, add
    /// <c>.RequireAuthorization()</c> to the endpoint: a browser is sent to sign in and comes back, a client gets a 401 as JSON.
    /// </summary>
    public static async Task<BlazorAuth.Session?> GetSessionAsync(this HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return (await http.CurrentTicketAsync())?.Session;
    }
}
