using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Http.Cookies;

/// <summary>
/// Tells one browser from another, and nothing about the person: a random value that lasts until the browser is closed. A sign-in and the circuits
/// of a page are bound to its hash, so that no other browser can end what this one began.
/// </summary>
/// <remarks>
/// It is set by answers that no cache keeps: when a sign-in starts and when Blazor's hub is connected. Never while a page renders: an output cache
/// or a CDN would give one browser's cookie to all.
/// </remarks>
internal sealed class BrowserCookie(IOptions<AuthOptions> options, CookieNames names, PublicAddressSource addresses)
{
    private const int Bytes = 32;

    private static readonly int ValueLength = Base64Url.GetEncodedLength(Bytes);

    /// <summary>The hash of the cookie that the request brought; null when it brought none, or, over http, several that differ.</summary>
    public string? Hash(HttpContext http) => Read(http, out _) is { } value ? HashOf(value) : null;

    /// <summary>Whether several that differ came, so that another site of this domain has set one. Never over https.</summary>
    public bool IsPlanted(HttpContext http)
    {
        Read(http, out var differ);
        return differ;
    }

    /// <summary>
    /// Gives the browser a cookie unless it has one, and returns the hash of the one that it has from now on. With <paramref name="acrossSites"/> the
    /// cookie also comes back with a POST from another site, as some providers answer.
    /// </summary>
    public string Ensure(HttpContext http, bool acrossSites = false)
    {
        var given = http.Features.Get<GivenCookie>()?.Value;
        var known = Read(http, out _);
        var value = given ?? known ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
        if (given is null && (acrossSites || known is null))
        {
            var cookies = options.Value.Cookies;
            var isSecure = addresses.Unverified(http).IsSecure;
            new SetCookie(names.Browser(isSecure), value, isSecure, acrossSites ? SameSiteMode.None : cookies.SameSite) { Partitioned = cookies.Partitioned }
                .AppendTo(http.Response);
            http.Features.Set(new GivenCookie(value));
        }

        return HashOf(value);
    }

    // With __Host-, only this host can have set it, so the first one is used. Over http, a neighboring site can set one too: if two differ, neither is used.
    private string? Read(HttpContext http, out bool differ)
    {
        differ = false;
        var isSecure = addresses.Unverified(http).IsSecure;
        var name = names.Browser(isSecure);
        string? found = null;
        foreach (var cookie in CookieHeader.In(http.Request))
        {
            if (!cookie.Name.SequenceEqual(name) || !IsOurs(cookie.Value))
            {
                continue;
            }

            var value = cookie.Value.ToString();
            if (isSecure)
            {
                return value;
            }

            if (found is not null && found != value)
            {
                differ = true;
                return null;
            }

            found = value;
        }

        return found;
    }

    private static bool IsOurs(ReadOnlySpan<char> value) => value.Length == ValueLength && Base64Url.IsValid(value, out var bytes) && bytes == Bytes;

    private static string HashOf(string value) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes("blazorauth.browser\n" + value)));

    /// <summary>The cookie that this answer sets.</summary>
    private sealed record GivenCookie(string Value);
}
