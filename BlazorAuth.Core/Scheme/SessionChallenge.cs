using BlazorAuth.Http;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Metadata;

namespace BlazorAuth.Scheme;

/// <summary>The response without a session, or without permission: a browser that opens a page is redirected, a client gets JSON.</summary>
internal sealed class SessionChallenge(PublicAddressSource addresses, PageAddresses links, FrontEndOrigins allowed, SessionManager sessions, AuthProviderRegistry providers, LoginPage? login = null)
{
    public Task ChallengeAsync(HttpContext http, AuthenticationProperties properties)
    {
        if (!OpensPage(http) || addresses.Trusted(http) is not { } origin)
        {
            return WriteAsync(http, StatusCodes.Status401Unauthorized, "Sign in first.");
        }

        var wanted = properties.RedirectUri ?? Here(http, origin);
        wanted = ReturnUrl.NamesHost(wanted) ? Home(origin) : wanted;
        var target = login?.Address(origin, wanted) ?? links.SignIn(origin, callbackUrl: wanted);
        if (HttpMethods.IsGet(http.Request.Method) && WebUri.TryParse(target, out var page) && page.GetLeftPart(UriPartial.Authority) == origin.Text
            && string.Equals(page.AbsolutePath, UriHelper.BuildRelative(origin.PathBase, http.Request.Path), StringComparison.OrdinalIgnoreCase))
        {
            throw new AuthSetupException(
                $"The sign-in page {page.AbsolutePath} itself requires that somebody is signed in, so nobody can sign in. Put [AllowAnonymous] on it: in a Razor component, write @attribute [AllowAnonymous].");
        }

        http.Response.Redirect(target);
        return Task.CompletedTask;
    }

    public async Task ForbidAsync(HttpContext http)
    {
        if (await StaleSessionAsync(http) is { } session && addresses.Trusted(http) is { } known)
        {
            await AskAgainAsync(http, known, session);
            return;
        }

        if (!OpensPage(http) || addresses.Trusted(http) is not { } origin)
        {
            await WriteAsync(http, StatusCodes.Status403Forbidden, "This is not for you.");
            return;
        }

        // The page names what may not be opened, and leads back to it after signing in with another account.
        var wanted = HttpMethods.IsGet(http.Request.Method) ? Here(http, origin) : null;
        http.Response.Redirect(links.Error(origin, AuthError.AccessDenied, new AuthFailure(AuthErrorReason.None, null, wanted, Reference: "")));
    }

    /// <summary>The session whose sign-in is too long ago for the endpoint; null when that is not what keeps the person out.</summary>
    private async Task<Session?> StaleSessionAsync(HttpContext http)
    {
        var demands = http.GetEndpoint()?.Metadata.GetOrderedMetadata<RequireFreshAttribute>() ?? [];
        return demands.Count > 0
            && await http.CurrentTicketAsync() is { Session: { } session }
            && demands.Any(demand => !sessions.IsFresh(session, demand.Within))
                ? session
                : null;
    }

    private async Task AskAgainAsync(HttpContext http, PublicAddress origin, Session session)
    {
        // A redirect cannot repeat a POST, so the person goes back to the page with the form.
        var here = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)
            ? Here(http, origin)
            : http.Request.Headers.Referer.ToString();
        var target = AuthPaths.Fresh(
            origin.Absolute(""), await providers.ToAskAgainAsync(session.Provider), (ReturnUrl.Parse(here, origin, allowed) ?? ReturnUrl.Home(origin)).Text);
        if (OpensPage(http))
        {
            http.Response.Redirect(target);
            return;
        }

        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        http.Response.Headers.CacheControl = AuthAnswer.NoStore;
        http.Response.Headers[AuthHeaders.ResourcePolicy] = "same-origin";
        await http.Response.WriteAsJsonAsync(
            new { error = "FreshSignInRequired", message = "Sign in once more.", url = target }, http.RequestAborted);
    }

    /// <summary>The request's address as a path of the app. A request may ask for "//host" too, which pages of the app that go there must not get.</summary>
    private static string Here(HttpContext http, PublicAddress origin) =>
        UriHelper.BuildRelative(origin.PathBase, http.Request.Path, http.Request.QueryString) is var here && ReturnUrl.NamesHost(here) ? Home(origin) : here;

    private static string Home(PublicAddress origin) => origin.PathBase.ToUriComponent() + "/";

    // ASP.NET Core's own rule first: known API endpoints respond with a status, unless the endpoint allows the redirect. A browser that
    // opens such an address as a page is sent to sign in all the same.
    private static bool OpensPage(HttpContext http)
    {
        var metadata = http.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<IAllowCookieRedirectMetadata>() is not null)
        {
            return true;
        }

        var mode = http.Request.Headers[AuthHeaders.FetchMode].ToString();
        if (mode.Length > 0)
        {
            // Blazor's enhanced navigation fetches pages by script; it goes to the address itself when the answer is not one of the app's pages.
            return mode == "navigate" || http.Request.Headers.Accept.ToString().Contains("blazor-enhanced-nav", StringComparison.OrdinalIgnoreCase);
        }

        return metadata?.GetMetadata<IDisableCookieRedirectMetadata>() is null
            && !string.Equals(http.Request.Headers.XRequestedWith, "XMLHttpRequest", StringComparison.OrdinalIgnoreCase)
            && AuthAnswer.AcceptsHtml(http.Request);
    }

    private static Task WriteAsync(HttpContext http, int status, string message)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = AuthAnswer.NoStore;
        http.Response.Headers[AuthHeaders.ResourcePolicy] = "same-origin";
        return http.Response.WriteAsJsonAsync(new { message }, http.RequestAborted);
    }
}
