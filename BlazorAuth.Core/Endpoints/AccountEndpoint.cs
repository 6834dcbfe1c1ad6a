using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Pages;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET account</c>: who is signed in, where the profile comes from, what happened lately.</summary>
internal static class AccountEndpoint
{
    public static Task<IResult> ShowAsync(AuthRequest request, ContractCookies cookies, AccountPages pages)
    {
        cookies.Write(request);
        return pages.AccountAsync(request);
    }
}
