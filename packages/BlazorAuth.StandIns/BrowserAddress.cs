using Microsoft.AspNetCore.Http;

namespace BlazorAuth.StandIns;

/// <summary>The address that a browser has, while the OpenID provider is lent another one (<see cref="OpenIdStandIn"/>).</summary>
internal sealed record BrowserAddress(string Scheme, HostString Host, PathString PathBase, PathString Path)
{
    /// <summary>Where the stand-ins are for the browser.</summary>
    public string StandIns => $"{Scheme}://{Host}{PathBase}{StandInAddress.Prefix}";

    public static BrowserAddress Of(HttpContext http) => http.Items[typeof(BrowserAddress)] as BrowserAddress
        ?? new(http.Request.Scheme, http.Request.Host, http.Request.PathBase, http.Request.Path);
}
