using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Http.Cookies;

/// <summary>The CSRF and callback cookies (<c>docs/contract/endpoints.md</c> §4).</summary>
internal sealed class ContractCookies(IOptions<AuthOptions> options, CookieNames names, PublicAddressSource addresses)
{
    // By default, proxies allow 4 KB for all headers of a response. A longer address is kept in the form, and in a separate cookie once a sign-in begins.
    private const int LongestReturnUrl = 400;

    private readonly string _joinedSecrets = string.Join(',', options.Value.Secrets);

    // With __Host- there is only one; over http, another site on this domain can have set more.
    public CsrfToken ReadCsrf(HttpRequest request, PublicAddress address) => CsrfToken.FromCookies(
        CookieHeader.FindAll(request, names.Csrf(address.IsSecure), address.IsSecure ? 1 : CookieCandidates.Most), _joinedSecrets);

    public string? ReadReturnUrl(HttpRequest request, PublicAddress address) => CookieHeader.Find(request, names.ReturnUrl(address.IsSecure));

    public bool HasReturnUrl(HttpContext http) => !string.IsNullOrEmpty(ReadReturnUrl(http.Request, addresses.Unverified(http)));

    /// <summary>
    /// Gives a browser the cookies it lacks. A CSRF cookie that is no good stays: it is replaced by <see cref="Prepare"/>, where a form needs the token.
    /// </summary>
    public void AddMissing(AuthRequest request)
    {
        if (CookieHeader.Find(request.Http.Request, names.Csrf(request.Address.IsSecure)) is null)
        {
            SetCsrf(request.Http, request.Address, request.Csrf);
        }

        RememberReturnUrl(request);
    }

    /// <summary>Gives a browser all that a form posts back: a CSRF cookie that holds the request's token, and the return address.</summary>
    public void Prepare(AuthRequest request)
    {
        if (request.Csrf.IsNew)
        {
            SetCsrf(request.Http, request.Address, request.Csrf);
        }

        RememberReturnUrl(request);
    }

    /// <summary>Keeps the return address unless the browser's cookie holds it already.</summary>
    public void RememberReturnUrl(AuthRequest request)
    {
        if (!request.ReturnUrlIsNew)
        {
            return;
        }

        if (Uri.EscapeDataString(request.ReturnUrl.Text).Length > LongestReturnUrl)
        {
            if (HasReturnUrl(request.Http))
            {
                // It contains a different address.
                Append(request.Http, request.Address, names.ReturnUrl(request.Address.IsSecure), "");
            }
        }
        else
        {
            Append(request.Http, request.Address, names.ReturnUrl(request.Address.IsSecure), request.ReturnUrl.Text);
        }
    }

    /// <summary>Replaces the CSRF token, so that one which was planted before a sign-in is worth nothing after it.</summary>
    public void RotateCsrf(HttpContext http) => SetCsrf(http, addresses.Unverified(http), CsrfToken.Create(_joinedSecrets));

    /// <summary>Sets the CSRF cookie, whatever the browser has.</summary>
    public void SetCsrf(HttpContext http, PublicAddress address, CsrfToken token) =>
        Append(http, address, names.Csrf(address.IsSecure), token.CookieValue);

    private void Append(HttpContext http, PublicAddress address, string name, string value)
    {
        var settings = options.Value.Cookies;
        var cookie = new CookieOptions
        {
            Path = "/", HttpOnly = true, Secure = address.IsSecure || settings.SameSite == SameSiteMode.None, SameSite = settings.SameSite, IsEssential = true,
        };
        if (settings.Partitioned)
        {
            cookie.Extensions.Add("Partitioned");
        }

        http.Response.Cookies.Append(name, value, cookie);
    }
}
