using BlazorAuth.Http;
using BlazorAuth.Pages;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET verify-request</c>: "look in your mailbox".</summary>
internal static class VerifyRequestEndpoint
{
    public static IResult Show(AuthRequest request, AuthPages pages) => pages.VerifyRequest(request);
}
