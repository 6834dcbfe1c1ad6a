using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Components;

/// <summary>
/// The CSRF token for forms in the app's own pages: read from the request while a page is rendered on the server, and handed on to the circuit,
/// which has no request. Browsers that attest <c>same-origin</c> need none.
/// </summary>
internal sealed class AuthFormToken
{
    /// <summary>The token; null when the page was never rendered by a request.</summary>
    [PersistentState]
    public string? Value { get; set; }

    public void ReadFrom(HttpContext? http)
    {
        if (http is null || Value is not null || http.RequestServices.GetRequiredService<PublicAddressSource>().Trusted(http) is not { } origin)
        {
            return;
        }

        // The page carries this browser's own token from here on.
        if (!http.Response.HasStarted)
        {
            http.Response.Headers.CacheControl = AuthAnswer.NoStore;
        }

        var cookies = http.RequestServices.GetRequiredService<ContractCookies>();
        var token = cookies.ReadCsrf(http.Request, origin);
        if (token.IsNew)
        {
            // Once the response has started, no cookie can be set, and without its cookie the token would be useless.
            if (http.Response.HasStarted)
            {
                return;
            }

            cookies.SetCsrf(http, origin, token);
        }

        Value = token.Value;
    }
}
