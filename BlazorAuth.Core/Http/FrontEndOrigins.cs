namespace BlazorAuth.Http;

/// <summary>The origins of separate front ends, compared exactly.</summary>
internal sealed class FrontEndOrigins(IEnumerable<string> origins)
{
    private readonly HashSet<string> _origins = origins.ToHashSet(StringComparer.OrdinalIgnoreCase);

    public bool Contains(string? origin) => origin is not null && _origins.Contains(origin);

    public IReadOnlyCollection<string> All => _origins;

    /// <summary>What is wrong with an origin and what the right form is; null when nothing is.</summary>
    public static string? Problem(string text)
    {
        const string Right = "Write scheme, host and, unless it is the default one, port: https://app.example.com or http://localhost:5173.";
        if (text.Contains('*', StringComparison.Ordinal))
        {
            return $"'{text}' in AUTH_ALLOWED_ORIGINS has a wildcard, which would let any site act with a visitor's session. {Right}";
        }

        if (!WebUri.TryParse(text.Trim(), out var uri))
        {
            return $"'{text}' in AUTH_ALLOWED_ORIGINS is not an origin. {Right}";
        }

        // As browsers send it: an international name in its ASCII form, and no default port.
        var host = uri.HostNameType == UriHostNameType.Dns ? uri.IdnHost : uri.Host;
        var origin = $"{uri.Scheme}://{host}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}";
        return string.Equals(origin, text, StringComparison.OrdinalIgnoreCase)
            ? null
            : $"'{text}' in AUTH_ALLOWED_ORIGINS is more than an origin, or not written the way browsers send it. Use {origin}.";
    }
}
