using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace BlazorAuth.Http;

/// <summary>
/// Normalizes what proxies say about the public address before it is trusted: Traefik says <c>wss</c> for a WebSocket, chains of proxies make lists, and
/// letters come in both cases.
/// </summary>
internal static class ForwardedAddress
{
    private const string Proto = "X-Forwarded-Proto";
    private const string For = "X-Forwarded-For";
    private const string Host = "X-Forwarded-Host";

    /// <summary>
    /// Prepares the headers. Where everyone is trusted, the first entry of a list is what the browser asked for. Where only known proxies are, each address in
    /// <c>X-Forwarded-For</c> vouches for the scheme beside it; a list of schemes without as many addresses was passed on as a whole by a proxy that is known, and
    /// its first entry is what the browser asked for, too.
    /// </summary>
    public static void Prepare(IHeaderDictionary headers, bool everybodyIsBelieved)
    {
        DropHidden(headers, everybodyIsBelieved);
        var schemes = Items(headers[Proto]).Select(Scheme).ToList();
        if (schemes.Count > 0)
        {
            var addresses = Math.Max(1, Items(headers[For]).Count);
            if (everybodyIsBelieved || schemes.Count != addresses)
            {
                schemes = [.. Enumerable.Repeat(schemes[0], everybodyIsBelieved ? 1 : addresses)];
            }

            headers[Proto] = schemes.Contains(null) ? StringValues.Empty : string.Join(", ", schemes);
        }

        if (everybodyIsBelieved && Items(headers[Host]) is [var first, _, ..])
        {
            headers[Host] = first;
        }
    }

    // Some proxies hide the client ("unknown", RFC 7239 §6.2). The platform would ignore all such headers, even the scheme; whatever comes before the
    // hidden one could have been written by anyone.
    private static void DropHidden(IHeaderDictionary headers, bool everybodyIsBelieved)
    {
        var addresses = Items(headers[For]);
        var hidden = addresses.FindLastIndex(address => !IPEndPoint.TryParse(address, out _));
        if (hidden < 0)
        {
            return;
        }

        var schemes = Items(headers[Proto]);
        if (!everybodyIsBelieved && schemes.Count == addresses.Count)
        {
            headers[Proto] = string.Join(", ", schemes.Skip(Math.Min(hidden + 1, schemes.Count - 1)));
        }

        headers[For] = hidden == addresses.Count - 1 ? StringValues.Empty : string.Join(", ", addresses.Skip(hidden + 1));
    }

    /// <summary>The scheme as http knows it; null when it is none.</summary>
    public static string? Scheme(string scheme) => scheme.Trim().ToLowerInvariant() switch
    {
        "http" or "ws" => "http",
        "https" or "wss" => "https",
        _ => null,
    };

    private static List<string> Items(StringValues header) =>
        [.. header.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
}
