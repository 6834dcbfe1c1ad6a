using Microsoft.AspNetCore.Http;

namespace BlazorAuth.StandIns;

/// <summary>
/// Where the stand-ins are. Options of remote schemes are built before the server knows its port, so they hold symbolic addresses:
/// <see cref="StandInBackchannel"/> answers those in process, and the browser is sent to the same path on the app's own origin.
/// </summary>
internal static class StandInAddress
{
    public const string Prefix = "/stand-ins";

    // A name that can never resolve (RFC 2606): a request that misses the backchannel fails instead of leaving the machine.
    public const string Host = "stand-ins.invalid";

    public const string Root = "http://" + Host + Prefix;

    public const string Issuer = Root + "/oidc";

    /// <summary>The stand-ins' address as the caller of this request has it.</summary>
    public static string Of(HttpRequest request) => $"{request.Scheme}://{request.Host}{request.PathBase}{Prefix}";

    /// <summary>
    /// The address for the browser. It comes back to <paramref name="redirectUri"/>, so it can reach what is beside it,
    /// whatever proxy or path base is in between.
    /// </summary>
    public static string ForBrowser(string symbolic, string? redirectUri, PathString callbackPath, HttpRequest request)
    {
        if (!symbolic.StartsWith(Root, StringComparison.Ordinal))
        {
            return symbolic;
        }

        var root = redirectUri is not null && callbackPath.HasValue && redirectUri.EndsWith(callbackPath.Value, StringComparison.Ordinal)
            ? redirectUri[..^callbackPath.Value.Length] + Prefix
            : Of(request);
        return root + symbolic[Root.Length..];
    }
}
