using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Http.Cookies;

/// <summary>Remembers which provider signed in last in this browser: its id, and nothing about the person.</summary>
internal sealed class LastProviderCookie(IOptions<AuthOptions> options, CookieNames names, PublicAddressSource addresses)
{
    public string? Read(HttpRequest request) => options.Value.Pages.RememberProvider ? CookieHeader.Find(request, names.LastProvider) : null;

    public void Write(HttpContext http, string provider)
    {
        if (options.Value.Pages.RememberProvider && Read(http.Request) != provider)
        {
            // Lax regardless of the other cookies: only BlazorAuth's pages read it, and they are opened by navigation.
            http.Response.Cookies.Append(names.LastProvider, provider, new CookieOptions
            {
                Path = "/",
                HttpOnly = true,
                Secure = addresses.Unverified(http).IsSecure,
                SameSite = SameSiteMode.Lax,
                MaxAge = options.Value.Pages.RememberProviderFor,
            });
        }
    }
}
