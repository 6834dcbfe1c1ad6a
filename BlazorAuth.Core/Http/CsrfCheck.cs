using BlazorAuth.Http.Cookies;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Http;

/// <summary>
/// Which POSTs may change something. A browser that attests <c>same-origin</c> may; everything else needs the token of the double-submit
/// cookie, in the body or in <c>X-CSRF-Token</c>, and a page of another origin must besides be an allowed front end.
/// </summary>
internal sealed class CsrfCheck(OriginCheck origins)
{
    public async ValueTask<bool> PassesAsync(AuthRequest request)
    {
        var headers = request.Http.Request.Headers;
        return headers[AuthHeaders.FetchSite] is ["same-origin"]
            || (!await origins.IsForeignAsync(request.Http) && request.Csrf.Matches(request.Body.Field("csrfToken") ?? headers[AuthHeaders.CsrfToken]));
    }
}
