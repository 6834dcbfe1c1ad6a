using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Pages;

/// <summary>Remembers which provider signed in last in this browser: its id, and nothing about the person.</summary>
internal sealed class LastProviderCookie(IOptions<AuthOptions> options, AuthOrigins origins)
{
    public const string Name = "blazorauth.last-provider";

    public string? Read(HttpRequest request) => options.Value.Pages.RememberProvider ? RequestCookies.Find(request, Name) : null;

    public void Write(HttpContext http, string provider)
    {
        if (options.Value.Pages.RememberProvider && Read(http.Request) != provider)
        {
            http.Response.Cookies.Append(Name, provider, new CookieOptions
            {
                Path = http.Request.PathBase.HasValue ? http.Request.PathBase.Value : "/",
                HttpOnly = true,
                Secure = origins.ForReading(http).IsSecure,
                SameSite = SameSiteMode.Lax,
                MaxAge = options.Value.Pages.RememberProviderFor,
            });
        }
    }
}
