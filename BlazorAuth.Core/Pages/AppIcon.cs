using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Pages;

/// <summary>The icon of the app in the browser's tab: signing in does not look like leaving the app.</summary>
internal sealed class AppIcon(IOptions<AuthOptions> options, IWebHostEnvironment host)
{
    private static readonly string[] Usual = ["/favicon.svg", "/favicon.png", "/favicon.ico"];

    /// <summary>Its address, a path of the app in most cases; null when there is none.</summary>
    public string? Address { get; } =
        options.Value.Pages.Icon ?? Usual.FirstOrDefault(path => host.WebRootFileProvider.GetFileInfo(path).Exists) ?? options.Value.Pages.Logo;
}
