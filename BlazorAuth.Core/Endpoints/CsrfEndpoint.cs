using Microsoft.AspNetCore.Http;

namespace BlazorAuth;

/// <summary><c>GET csrf</c>: the token that forms and clients send back.</summary>
internal static class CsrfEndpoint
{
    public static IResult Handle(AuthRequest request, AuthCookies cookies)
    {
        cookies.Write(request);
        return AuthAnswer.Json($"{{\"csrfToken\":\"{request.Csrf.Value}\"}}");
    }
}
