namespace BlazorAuth.App.StandIns;

/// <summary>Where a stand-in may send a code: back to the app it stands in, or to this machine. Nowhere else.</summary>
internal static class RedirectUri
{
    public static bool IsAllowed(string? value, HttpRequest request, StandInOptions options)
    {
        if (value is null || value.Any(c => c is <= ' ' or '\\' or >= '\x7f') ||
            !Uri.TryCreate(value, UriKind.Absolute, out var uri) ||
            (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) ||
            uri.UserInfo.Length > 0 || value.Contains('#', StringComparison.Ordinal))
        {
            return false;
        }

        return IsLoopback(uri) || SameOrigin(uri, options.AppAddress) ||
            (Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var own) && SameOrigin(uri, own));
    }

    private static bool IsLoopback(Uri uri) =>
        uri.IsLoopback || uri.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private static bool SameOrigin(Uri uri, Uri? other) =>
        other is not null && Uri.Compare(uri, other, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
}
