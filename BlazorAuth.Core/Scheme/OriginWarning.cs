using BlazorAuth.Http;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Scheme;

internal static class OriginWarning
{
    /// <summary>Says that the request's session did not count, if it has one and its endpoint is known. Blazor's hub says more of it.</summary>
    public static void WarnIfSent(this OriginCheck origins, HttpContext http, SessionCookie cookies)
    {
        if (cookies.IsSent(http) && http.GetEndpoint() is { } endpoint && !LiveConnection.IsAtBlazorHub(endpoint))
        {
            origins.Warn(http);
        }
    }
}
