using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components.Authorization;

namespace BlazorAuth.Tests;

/// <summary>The ticket of a session that nobody signed in for.</summary>
internal static class TestTicket
{
    public static SessionTicket Of(
        string user, DateTimeOffset now, string id = "s1", JsonObject? claims = null, string provider = "google", DateTimeOffset? authenticatedAt = null) => new()
    {
        Id = id,
        UserId = user,
        Provider = provider,
        Claims = claims ?? new JsonObject { [AuthClaims.Name] = "Ada" },
        Version = 1,
        SignedInAt = now,
        AuthenticatedAt = authenticatedAt,
        IssuedAt = now,
        ExpiresAt = now.AddHours(1),
    };

    /// <summary>The value of its cookie.</summary>
    public static string Cookie(SessionTicket ticket) =>
        new SessionToken(new SessionKeyRing([AuthApp.Secret])).Write(ticket.ToToken(), AuthApp.SessionCookie, ticket.IssuedAt, ticket.ExpiresAt);

    /// <summary>The token as an Auth.js with the same secret writes it again, with our claims in it: new <c>iat</c>, <c>exp</c> and <c>jti</c>.</summary>
    public static string Reminted(string token, DateTimeOffset now, Action<JsonObject>? change = null, string secret = AuthApp.Secret)
    {
        var claims = Claims(token, now, secret);
        change?.Invoke(claims);
        return new SessionToken(new SessionKeyRing([secret])).Write(claims, AuthApp.SessionCookie, now, now.AddDays(30));
    }

    /// <summary>The claims in a token.</summary>
    public static JsonObject Claims(string token, DateTimeOffset now, string secret = AuthApp.Secret)
    {
        var reading = new SessionToken(new SessionKeyRing([secret])).Read(token, AuthApp.SessionCookie, now);
        Assert.Equal(SessionRefusal.None, reading.Refusal);
        return JsonObject.Create(reading.Claims)!;
    }

    /// <summary>What a component is told of the person; of nobody without a ticket.</summary>
    /// <param name="ticket">Their session.</param>
    /// <param name="checkedAt">When a request found that it lives.</param>
    public static Task<AuthenticationState> State(SessionTicket? ticket, DateTimeOffset? checkedAt = null) => Task.FromResult(new AuthenticationState(
        new ClaimsPrincipal(ticket is null ? new ClaimsIdentity() : new SessionIdentity(ticket) { CheckedAt = checkedAt })));
}
