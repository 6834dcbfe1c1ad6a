using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Snippets;

internal static class ShareWithNextjs
{
    public static void Accept(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth(auth => auth.Session.AcceptAuthJsTokens = true);
    }

    public static void TakeItsName(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth(auth => auth.Cookies.ShareWithAuthJs = true);
    }
}
