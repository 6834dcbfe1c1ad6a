using System.Net;

namespace BlazorAuth.StandIns;

/// <summary>Where a stand-in may send a code: back to the app it runs in, or to this machine. Nowhere else.</summary>
internal sealed class RedirectUri(StandInOptions options, StandInAccess access)
{
    public bool IsAllowed(string? value, BrowserAddress address)
    {
        if (value is null || value.Any(c => c is <= ' ' or '\\' or >= '\x7f') ||
            !Uri.TryCreate(value, UriKind.Absolute, out var uri) ||
            (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) ||
            uri.UserInfo.Length > 0 || value.Contains('#', StringComparison.Ordinal))
        {
            return false;
        }

        return IsNear(uri) || SameOrigin(uri, options.AppAddress) ||
            (Uri.TryCreate($"{address.Scheme}://{address.Host}", UriKind.Absolute, out var own) && SameOrigin(uri, own));
    }

    private bool IsNear(Uri uri) =>
        uri.IsLoopback || uri.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(uri.IdnHost, out var address) && access.IsNear(address));

    private static bool SameOrigin(Uri uri, Uri? other) =>
        other is not null && Uri.Compare(uri, other, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
}
