using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET csrf</c>: the token that forms and clients send back.</summary>
internal static class CsrfEndpoint
{
    public static IResult Handle(AuthRequest request, ContractCookies cookies)
    {
        cookies.Prepare(request);
        return AuthAnswer.Json($"{{\"csrfToken\":\"{request.Csrf.Value}\"}}");
    }
}
