using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Scheme;

/// <summary>
/// In Development two apps on one host share cookies, whatever their ports: a session that none of this app's secrets can decrypt is the other app's. It is
/// neither deleted nor said to have ended.
/// </summary>
internal sealed class NeighbourCookies(IHostEnvironment host, ILogger<NeighbourCookies> logger)
{
    private int _told;

    /// <summary>Whether the cookie is left alone. Told once.</summary>
    public bool IsTheirs(HttpContext http, SessionRefusal refusal)
    {
        if (!host.IsDevelopment() || refusal != SessionRefusal.UnknownKey)
        {
            return false;
        }

        http.Features.Set(this);
        if (Interlocked.Exchange(ref _told, 1) == 0)
        {
            logger.NeighbourCookieIgnored(host.ApplicationName.Split('.')[^1].ToLowerInvariant());
        }

        return true;
    }

    public static bool AreIn(HttpContext http) => http.Features.Get<NeighbourCookies>() is not null;
}
