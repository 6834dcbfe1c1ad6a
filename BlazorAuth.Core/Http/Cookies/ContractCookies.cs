using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Http.Cookies;

/// <summary>The CSRF and callback cookies (<c>contract/endpoints.md</c> §4).</summary>
internal sealed class ContractCookies(IOptions<AuthOptions> options, PublicAddressSource addresses)
{
    private readonly string _joinedSecrets = string.Join(',', options.Value.Secrets);
    private readonly string _csrf = options.Value.Cookies.Prefix + ".csrf-token";
    private readonly string _secureCsrf = "__Host-" + options.Value.Cookies.Prefix + ".csrf-token";
    private readonly string _callback = options.Value.Cookies.Prefix + ".callback-url";
    private readonly string _secureCallback = "__Secure-" + options.Value.Cookies.Prefix + ".callback-url";

    public CsrfToken ReadCsrf(HttpRequest request, PublicAddress origin) =>
        CsrfToken.FromCookie(CookieHeader.Find(request, origin.IsSecure ? _secureCsrf : _csrf), _joinedSecrets);

    public string? ReadCallback(HttpRequest request, PublicAddress origin) =>
        CookieHeader.Find(request, origin.IsSecure ? _secureCallback : _callback);

    public bool HasCallback(HttpContext http) => !string.IsNullOrEmpty(ReadCallback(http.Request, addresses.Unverified(http)));

    /// <summary>Sets the CSRF and callback cookies where the browser has none. A CSRF cookie that is no good is replaced where the token is needed.</summary>
    public void WriteMissing(AuthRequest request)
    {
        if (CookieHeader.Find(request.Http.Request, request.Address.IsSecure ? _secureCsrf : _csrf) is null)
        {
            WriteCsrf(request.Http, request.Address, request.Csrf);
        }

        WriteCallback(request);
    }

    /// <summary>Sets the CSRF and callback cookies where the browser does not have them already.</summary>
    public void Write(AuthRequest request)
    {
        if (request.Csrf.IsNew)
        {
            WriteCsrf(request.Http, request.Address, request.Csrf);
        }

        WriteCallback(request);
    }

    /// <summary>Sets the callback cookie where the browser does not have it already.</summary>
    public void WriteCallback(AuthRequest request)
    {
        if (request.ReturnUrlIsNew)
        {
            Append(request.Http, request.Address, request.Address.IsSecure ? _secureCallback : _callback, request.ReturnUrl.Text);
        }
    }

    /// <summary>Replaces the CSRF token, so that one which was planted before a sign-in is worth nothing after it.</summary>
    public void WriteNewCsrf(HttpContext http) => WriteCsrf(http, addresses.Unverified(http), CsrfToken.Create(_joinedSecrets));

    public void WriteCsrf(HttpContext http, PublicAddress origin, CsrfToken token) =>
        Append(http, origin, origin.IsSecure ? _secureCsrf : _csrf, token.CookieValue);

    private void Append(HttpContext http, PublicAddress origin, string name, string value)
    {
        var settings = options.Value.Cookies;
        var cookie = new CookieOptions
        {
            Path = "/", HttpOnly = true, Secure = origin.IsSecure || settings.SameSite == SameSiteMode.None, SameSite = settings.SameSite, IsEssential = true,
        };
        if (settings.Partitioned)
        {
            cookie.Extensions.Add("Partitioned");
        }

        http.Response.Cookies.Append(name, value, cookie);
    }
}
