using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Http.Cookies;

/// <summary>
/// Brings what was entered beside a wrong password back to the sign-in page, once and within a minute: protected, only for that page, never in an
/// address. It holds no password, and only the browser that entered it can show it.
/// </summary>
internal sealed class RefusedEntryCookie(CookieNames names, IDataProtectionProvider protection, TimeProvider clock)
{
    private const int MostCharacters = 1500;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly IDataProtector _protector = protection.CreateProtector("BlazorAuth.RefusedEntry");

    /// <summary>Keeps what was entered; <paramref name="values"/> holds no secret.</summary>
    public void Write(AuthRequest request, string provider, IReadOnlyDictionary<string, string> values)
    {
        var entry = JsonSerializer.Serialize(new Entry(provider, values, request.Csrf.Value, clock.GetUtcNow() + Lifetime));
        if (values.Count > 0 && entry.Length <= MostCharacters)
        {
            request.Http.Response.Cookies.Append(names.RefusedEntry, _protector.Protect(entry), Options(request, Lifetime));
        }
    }

    /// <summary>What was entered a moment ago in this browser, and forgets it; null when there is nothing.</summary>
    public (string Provider, IReadOnlyDictionary<string, string> Values)? Take(AuthRequest request)
    {
        if (CookieHeader.Find(request.Http.Request, names.RefusedEntry) is not { } cookie)
        {
            return null;
        }

        request.Http.Response.Cookies.Append(names.RefusedEntry, "", Options(request, TimeSpan.Zero));
        return Read(cookie) is { } entry && entry.Csrf == request.Csrf.Value && entry.Until > clock.GetUtcNow() ? (entry.Provider, entry.Values) : null;
    }

    private Entry? Read(string cookie)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(_protector.Unprotect(cookie));
        }
        catch (CryptographicException)
        {
            // Not BlazorAuth's, or protected with keys that are gone: treated as missing.
            return null;
        }
    }

    private static CookieOptions Options(AuthRequest request, TimeSpan maxAge) => new()
    {
        Path = AuthPaths.SignIn(request.Address.PathBase.Value ?? ""),
        HttpOnly = true,
        Secure = request.Address.IsSecure,
        SameSite = SameSiteMode.Lax,
        IsEssential = true,
        MaxAge = maxAge,
    };

    private sealed record Entry(string Provider, IReadOnlyDictionary<string, string> Values, string Csrf, DateTimeOffset Until);
}
