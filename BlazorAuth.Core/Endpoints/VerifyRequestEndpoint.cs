using BlazorAuth.Http;
using BlazorAuth.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET verify-request</c>: "look in your mailbox".</summary>
internal static class VerifyRequestEndpoint
{
    public static IResult Show(AuthRequest request, IOptions<AuthOptions> options, PageContextFactory contexts, PageResult page) =>
        options.Value.Pages.VerifyRequest is { } own
            ? AuthAnswer.Redirect(request, request.Address.PathBase + own + request.Http.Request.QueryString)
            : page.Of<VerifyRequestPageModel, VerifyRequestPage>(
                request, StatusCodes.Status200OK, new VerifyRequestPageModel { Page = contexts.Of(request) });
}
