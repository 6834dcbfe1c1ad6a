using BlazorAuth.Http;
using BlazorAuth.Pages;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET signed-in</c>: where a sign-in in a window beside an open page ends.</summary>
internal static class SignedInEndpoint
{
    public static IResult Show(AuthRequest request, PageContextFactory contexts, PageResult page) =>
        page.Of<SignedInPageModel, SignedInPage>(request, StatusCodes.Status200OK, new SignedInPageModel { Page = contexts.Of(request) });
}
