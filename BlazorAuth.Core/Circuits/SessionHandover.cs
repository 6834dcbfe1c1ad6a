using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BlazorAuth.Sync;
using BlazorAuth.Tokens;

namespace BlazorAuth.Circuits;

/// <summary>
/// Hands the session of the browser's cookie to one open circuit, which sees no cookie that was set after it began: the page fetches a sealed
/// ticket for this circuit and passes it on. Any node can write it, the circuit's node reads it. It is of no use as a cookie, to another circuit, or
/// in another browser: an attacker who makes a visitor's browser fetch one for their own circuit gains nothing.
/// </summary>
internal sealed class SessionHandover(SessionToken tokens, SharedClock clock)
{
    private const string Salt = "blazorauth.handover";
    private const string CircuitClaim = "blazorauth.circuit";
    private const string BrowserClaim = "blazorauth.browser";
    private const string ExpiresAtClaim = "blazorauth.expires_at";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    /// <summary>A name for a circuit that nobody can guess.</summary>
    public static string NewCircuit() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public string Write(SessionTicket ticket, string circuit, string browser)
    {
        var claims = ticket.ToToken();
        claims[CircuitClaim] = circuit;
        claims[BrowserClaim] = browser;
        claims[ExpiresAtClaim] = ticket.ExpiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var now = clock.GetUtcNow();
        return tokens.Write(claims, Salt, now, now + Lifetime);
    }

    /// <summary>
    /// The ticket that was written for this circuit in this browser; null when it was not, or is too old. It says nothing about whether the session
    /// still lives.
    /// </summary>
    public SessionTicket? Read(string handle, string circuit, string browser)
    {
        var reading = tokens.Read(handle, Salt, clock.Earliest);
        if (!reading.Succeeded)
        {
            return null;
        }

        var claims = JsonObject.Create(reading.Claims)!;
        return Names(claims, CircuitClaim, circuit) && Names(claims, BrowserClaim, browser)
            && Time(claims, ExpiresAtClaim) is { } expiresAt
            && SessionTicket.FromToken(claims) is { } ticket
                ? ticket.With(ticket.IssuedAt, expiresAt).From(reading.IsCurrent ? ticket.Mark : null)
                : null;
    }

    private static bool Names(JsonObject claims, string name, string expected) =>
        SessionTicket.Text(claims, name) is { } named && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(named), Encoding.UTF8.GetBytes(expected));

    private static DateTimeOffset? Time(JsonObject claims, string name) =>
        long.TryParse(SessionTicket.Text(claims, name), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
