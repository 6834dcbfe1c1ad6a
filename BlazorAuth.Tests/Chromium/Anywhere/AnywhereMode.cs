using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace BlazorAuth.Tests.Chromium.Anywhere;

/// <summary>One of the ways in which a Blazor app is drawn.</summary>
/// <param name="OfTheApp">Where the whole app is live; null where it is not.</param>
/// <param name="OfTheIsland">Where one component of a page is live; null where it is not.</param>
/// <param name="HasScript">Whether the app's head holds our script; a form that is drawn on the server brings it otherwise.</param>
/// <param name="HasWidgets">Whether the page of widgets holds any.</param>
/// <param name="HostStyle">Rules of the host's own style sheet.</param>
public sealed record AnywhereMode(IComponentRenderMode? OfTheApp, IComponentRenderMode? OfTheIsland, bool HasScript = false, bool HasWidgets = true, string HostStyle = "")
{
    public static AnywhereMode Of(string name) => name switch
    {
        "static" => new(null, null),
        "static with our script" => new(null, null, HasScript: true),
        "island" => new(null, RenderMode.InteractiveServer),
        "island without prerendering" => new(null, new InteractiveServerRenderMode(prerender: false)),
        "global" => new(RenderMode.InteractiveServer, null),
        "global without prerendering" => new(new InteractiveServerRenderMode(prerender: false), null),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such mode."),
    };

    public bool IsLive => OfTheApp is not null || OfTheIsland is not null;
}
