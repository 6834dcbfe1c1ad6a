using BlazorAuth.Pages;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth;

/// <summary><c>GET account</c>: who is signed in, where the profile comes from, what happened lately.</summary>
internal static class AccountEndpoint
{
    public static Task<IResult> ShowAsync(AuthRequest request, AuthCookies cookies, AccountPages pages)
    {
        cookies.Write(request);
        return pages.AccountAsync(request);
    }
}
