using BlazorAuth.Http;
using Microsoft.AspNetCore.Components;

namespace BlazorAuth.Components;

internal static class NavigationExtensions
{
    /// <summary>The path base of the app without a trailing slash.</summary>
    public static string PathBase(this NavigationManager navigation) => new Uri(navigation.BaseUri).AbsolutePath.TrimEnd('/');

    /// <summary>The page that is shown, as a path of the app with query and fragment. The host that a component sees may be an inner one, and "//host" would be another.</summary>
    public static string CurrentPage(this NavigationManager navigation)
    {
        var uri = new Uri(navigation.Uri);
        return ReturnUrl.NamesHost(uri.PathAndQuery) ? "/" : uri.PathAndQuery + uri.Fragment;
    }
}
