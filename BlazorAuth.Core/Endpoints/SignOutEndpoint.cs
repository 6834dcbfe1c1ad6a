using BlazorAuth.Pages;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth;

/// <summary><c>GET signout</c>: the page. <c>POST signout</c>: ends the session, here and in the store.</summary>
internal static class SignOutEndpoint
{
    public static async Task<IResult> ShowAsync(AuthRequest request, AuthCookies cookies, AuthPages pages)
    {
        cookies.Write(request);
        return pages.SignOut(request, (await request.Http.AuthenticateAsync(SessionIdentity.Scheme)).Principal);
    }

    /// <summary>The built-in page also sends <c>where=everywhere</c>, and <c>page=1</c> to be told what ended before the person goes on.</summary>
    public static async Task<IResult> HandleAsync(AuthRequest request, AuthCookies cookies, SessionManager sessions)
    {
        var isEverywhere = request.Body.Field("where") == "everywhere";
        if (isEverywhere && SessionIdentity.Of((await request.Http.AuthenticateAsync(SessionIdentity.Scheme)).Principal) is { } identity)
        {
            await sessions.RevokeUserAsync(identity.Session.User.Id, request.Cancelled);
        }

        await request.Http.SignOutAsync(SessionIdentity.Scheme);
        cookies.WriteCallback(request);
        return AuthAnswer.Redirect(request, request.Body.Field("page") is null ? request.ReturnUrl.Text : AuthLinks.With(
            request.Origin.Absolute(AuthPaths.SignOut("")), ("done", isEverywhere ? "everywhere" : "here"), ("callbackUrl", request.ReturnUrl.Text)));
    }

    /// <summary>Where an OpenID Connect provider sends people whom the app signed out there too.</summary>
    public static async Task<IResult> SignedOutCallbackAsync(AuthRequest request, AuthProviders providers, AuthPages pages)
    {
        if (request.ProviderId is { } id && await providers.FindAsync(id) is { Scheme: { } scheme }
            && await request.Http.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>().GetHandlerAsync(request.Http, scheme)
                is IAuthenticationRequestHandler handler
            && await handler.HandleRequestAsync())
        {
            return Results.Empty;
        }

        return pages.UnknownProvider(request);
    }
}
