using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.Http;

/// <summary>
/// Where a person goes afterwards: an absolute address of the app or of an allowed front end. It cannot hold anything else, and it is the
/// only type that turns a text from outside into a redirect.
/// </summary>
internal sealed record ReturnUrl
{
    /// <summary>The longest address, percent-encoded as a browser sends it.</summary>
    public const int Longest = 12 * 1024;

    // How many return addresses inside each other are followed: a page, and one that it came from.
    private const int Deepest = 3;

    // Endpoints that are pages to return to. It makes no sense to return to any other, such as an error, a callback or the end of a session.
    private static readonly string[] Places = ["account", "sessions", "signed-in", "preview"];

    private ReturnUrl(string text) => Text = text;

    /// <summary>The absolute address, fit for a <c>Location</c> header.</summary>
    public string Text { get; }

    public static ReturnUrl Home(PublicAddress origin) => new(origin.BaseUrl);

    /// <summary>The address that a text from outside names; null if it is not one of the app's.</summary>
    public static ReturnUrl? Parse(string? text, PublicAddress origin, FrontEndOrigins allowed) => Parse(text, origin, allowed, level: 1);

    /// <summary>Whether a browser takes a text that looks like a path for another host: it drops control characters, and reads a backslash as a slash.</summary>
    public static bool NamesHost(string path) => path.Where(c => !char.IsControl(c)).Take(2).ToArray() is ['/' or '\\', '/' or '\\'];

    /// <summary>An address that the app's redirect callback decided on: any http or https address, or a path of the app.</summary>
    public static ReturnUrl? Decided(string text, PublicAddress origin)
    {
        var address = text.StartsWith('/') && !text.StartsWith("//", StringComparison.Ordinal) ? origin.Text + text : text;
        return !text.Any(IsUnsafe) && WebUri.TryParse(address, out var uri)
                ? new(uri.AbsoluteUri)
                : null;
    }

    private static ReturnUrl? Parse(string? text, PublicAddress origin, FrontEndOrigins allowed, int level)
    {
        if (string.IsNullOrEmpty(text) || text.Length > Longest || text.Any(IsUnsafe))
        {
            return null;
        }

        if (text[0] == '/')
        {
            // "//host" names another host. After this origin it would be harmless, but it is never intended.
            return text.StartsWith("//", StringComparison.Ordinal) ? null : OfUri(origin.Text + text, origin, allowed, level);
        }

        return OfUri(text, origin, allowed, level);
    }

    private static ReturnUrl? OfUri(string text, PublicAddress origin, FrontEndOrigins allowed, int level)
    {
        if (!WebUri.TryParse(text, out var uri)
            || !text.StartsWith(uri.Scheme, StringComparison.OrdinalIgnoreCase) || uri.AbsoluteUri.Length > Longest)
        {
            return null;
        }

        // Including the user name, if there is one: such an address never matches.
        var authority = uri.GetLeftPart(UriPartial.Authority);
        var isOwn = string.Equals(authority, origin.Text, StringComparison.OrdinalIgnoreCase);
        if (!isOwn && !allowed.Contains(authority))
        {
            return null;
        }

        if (!IsEndpoint(uri, isOwn ? origin.PathBase.ToUriComponent() : ""))
        {
            return new(uri.AbsoluteUri);
        }

        return (level < Deepest ? Parse(Behind(uri), origin, allowed, level + 1) : null) ?? (isOwn ? Home(origin) : new(authority));
    }

    private static bool IsEndpoint(Uri uri, string pathBase)
    {
        var start = pathBase + AuthPaths.Base;
        var path = uri.AbsolutePath;
        return path.StartsWith(start, StringComparison.OrdinalIgnoreCase) && (path.Length == start.Length || path[start.Length] == '/')
            && !Places.Contains(path[start.Length..].Trim('/').Split('/')[0], StringComparer.OrdinalIgnoreCase)
            && !IsSignOutEverywhere(uri, start);
    }

    // Someone who wanted to sign out everywhere, and first had to sign in again, comes back to press the button.
    private static bool IsSignOutEverywhere(Uri uri, string start) =>
        uri.AbsolutePath.Equals(start + "/signout", StringComparison.OrdinalIgnoreCase)
        && QueryHelpers.ParseQuery(uri.Query).TryGetValue("where", out var where) && where == AuthPaths.Everywhere;

    // A BlazorAuth page with a return address of its own leads there.
    private static string? Behind(Uri endpoint) => QueryHelpers.ParseQuery(endpoint.Query).TryGetValue("callbackUrl", out var values) ? values[^1] : null;

    // Control characters are dropped by browsers (so "/<tab>/host" is "//host"), and a backslash is read as a slash.
    private static bool IsUnsafe(char c) => char.IsControl(c) || c == '\\';
}
