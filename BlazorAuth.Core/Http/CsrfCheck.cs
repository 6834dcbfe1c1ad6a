using BlazorAuth.Http.Cookies;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Http;

/// <summary>
/// Who may change something with a POST. A browser that attests <c>same-origin</c> may; everybody else needs the token of the double-submit
/// cookie, in the body or in <c>X-CSRF-Token</c>, and a page of another site must besides be an allowed front end.
/// </summary>
internal sealed class CsrfCheck(FrontEndOrigins allowed)
{
    public bool Passes(AuthRequest request)
    {
        var headers = request.Http.Request.Headers;
        var site = headers[AuthHeaders.FetchSite].ToString();
        if (site == "same-origin")
        {
            return true;
        }

        if (site == "cross-site" && !allowed.Contains(headers.Origin))
        {
            return false;
        }

        return request.Csrf.Matches(request.Body.Field("csrfToken") ?? headers[AuthHeaders.CsrfToken]);
    }
}
