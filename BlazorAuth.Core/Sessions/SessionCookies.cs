using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BlazorAuth;

/// <summary>Reads and writes the session cookie of a request: which name it has here, and what is in it.</summary>
internal sealed class SessionCookies(IOptions<AuthOptions> options, SessionToken tokens, AuthOrigins origins, TimeProvider clock)
{
    private readonly string _plainName = options.Value.Cookies.Prefix + ".session-token";
    private readonly string _secureName = "__Secure-" + options.Value.Cookies.Prefix + ".session-token";

    /// <summary>What the request's cookie says; null when there is no cookie.</summary>
    public SessionTokenReading? Read(HttpContext http)
    {
        var name = Name(origins.ForReading(http));
        return SessionCookie.Read(http.Request, name) is { } value ? tokens.Read(value, name, clock.GetUtcNow()) : null;
    }

    public void Write(HttpContext http, SessionTicket ticket)
    {
        var origin = origins.ForReading(http);
        var name = Name(origin);
        var value = tokens.Write(ticket.ToToken(), name, ticket.IssuedAt, ticket.ExpiresAt);
        SessionCookie.Write(http, name, value, ticket.ExpiresAt, origin.IsSecure, options.Value.Cookies.SameSite, options.Value.Cookies.Partitioned);
    }

    /// <summary>Deletes every session cookie that the request carries.</summary>
    public void Delete(HttpContext http)
    {
        var origin = origins.ForReading(http);
        SessionCookie.Delete(http, Name(origin), origin.IsSecure, options.Value.Cookies.SameSite, options.Value.Cookies.Partitioned);
    }

    private string Name(AuthOrigin origin) => origin.IsSecure ? _secureName : _plainName;
}
