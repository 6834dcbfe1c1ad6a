using BlazorAuth.Http;
using BlazorAuth.Providers;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Pages;

/// <summary>Which pictures of users a page may show: those on the servers of known providers and of those that the app named, where it wants pictures at all.</summary>
internal sealed class ProfilePictures(IOptions<AuthOptions> options)
{
    private readonly string[] _sources = options.Value.Pages.Pictures ? [.. KnownProvider.AllPictures, .. options.Value.Pages.PictureHosts.Select(host => host.TrimEnd('/'))] : [];

    /// <summary>What the page's policy allows, each with a space before it.</summary>
    public string Policy => string.Concat(_sources.Select(source => " " + source));

    /// <summary>The address of a picture that the page's policy allows; null for all others.</summary>
    public string? Of(string? image) =>
        WebUri.TryParse(image, out var address) && address.Scheme == Uri.UriSchemeHttps && address.UserInfo.Length == 0
        && _sources.Any(source => Covers(source, address.GetLeftPart(UriPartial.Authority)))
            ? address.AbsoluteUri
            : null;

    private static bool Covers(string source, string origin)
    {
        const string Any = "https://*.";
        return source.StartsWith(Any, StringComparison.Ordinal)
            ? origin.EndsWith(source[(Any.Length - 1)..], StringComparison.OrdinalIgnoreCase)
            : origin.Equals(source, StringComparison.OrdinalIgnoreCase);
    }
}
