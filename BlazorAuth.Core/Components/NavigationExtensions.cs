using Microsoft.AspNetCore.Components;

namespace BlazorAuth;

internal static class NavigationExtensions
{
    /// <summary>The path base of the app without a slash at the end.</summary>
    public static string PathBase(this NavigationManager navigation) => new Uri(navigation.BaseUri).AbsolutePath.TrimEnd('/');
}
