using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Http;

/// <summary>The public address of the app as a browser sees it: an origin, and a path base if there is one.</summary>
internal sealed record PublicAddress(string Scheme, HostString Host, PathString PathBase)
{
    /// <summary>Scheme, host and port, without a trailing slash.</summary>
    public string Text { get; } = $"{Scheme}://{Host.ToUriComponent()}";

    /// <summary>The app's address: origin and path base, without a trailing slash.</summary>
    public string BaseUrl { get; } = $"{Scheme}://{Host.ToUriComponent()}{PathBase.ToUriComponent()}";

    public bool IsSecure { get; } = string.Equals(Scheme, Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase);

    /// <summary>The absolute address of a path below the path base.</summary>
    public string Absolute(string path) => BaseUrl + path;
}
