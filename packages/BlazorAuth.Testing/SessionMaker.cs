using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace BlazorAuth.Testing;

/// <summary>
/// Begins a session as an app does that signs somebody in by itself: a row in the app's store, and the cookie that a browser would get. No page is
/// visited and no provider asked, so <c>OnSignIn</c> and <c>OnToken</c> do not run.
/// </summary>
internal static class SessionMaker
{
    public static async Task<MadeSession> BeginAsync(IServiceProvider services, TestUser user, Uri address)
    {
        await using var scope = services.CreateAsyncScope();
        var first = Request(scope.ServiceProvider, address);
        await first.SignInAsync(user.ToPrincipal());
        var session = await CurrentAsync(services, first.Response, address)
            ?? throw new InvalidOperationException(
                $"'{user.Id}' could not be signed in at {address}: the app has another default scheme than BlazorAuth's, or its public address (AUTH_URL) is another one.");
        if (user.Claims.Count > 0)
        {
            var manager = scope.ServiceProvider.GetRequiredService<SessionManager>();
            await manager.UpdateClaimsAsync(session.User.Id, session.Id, user.AddTo);
        }

        return new MadeSession(session.Id, Cookies(first.Response));
    }

    /// <summary>Who is signed in for the cookies of an answer.</summary>
    public static async Task<ClaimsPrincipal?> PrincipalAsync(IServiceProvider services, IReadOnlyList<SetCookieHeaderValue> cookies, Uri address) =>
        (await Visit(services, cookies, address).AuthenticateAsync()).Principal;

    private static async Task<Session?> CurrentAsync(IServiceProvider services, HttpResponse response, Uri address)
    {
        // A scope of its own, as each request has: the platform keeps the scheme's answer for the length of one.
        await using var scope = services.CreateAsyncScope();
        return await Visit(scope.ServiceProvider, Cookies(response), address).GetSessionAsync();
    }

    private static DefaultHttpContext Visit(IServiceProvider services, IReadOnlyList<SetCookieHeaderValue> cookies, Uri address)
    {
        var http = Request(services, address);
        http.Request.Method = HttpMethods.Get;
        http.Request.Headers.Cookie = string.Join("; ", cookies.Select(cookie => $"{cookie.Name}={cookie.Value}"));
        return http;
    }

    private static List<SetCookieHeaderValue> Cookies(HttpResponse response) =>
        [.. SetCookieHeaderValue.ParseList([.. response.Headers.SetCookie.OfType<string>()]).Where(cookie => cookie.Value.Length > 0)];

    // A form of the app's own, posted from its own page.
    private static DefaultHttpContext Request(IServiceProvider services, Uri address)
    {
        var http = new DefaultHttpContext { RequestServices = services };
        (http.Request.Method, http.Request.Scheme, http.Request.Host, http.Request.Path) =
            (HttpMethods.Post, address.Scheme, HostString.FromUriComponent(address), "/");
        http.Request.Headers["Sec-Fetch-Site"] = "same-origin";
        return http;
    }
}

/// <summary>A session that began, and what a browser was given for it.</summary>
internal sealed record MadeSession(string Id, IReadOnlyList<SetCookieHeaderValue> Cookies);
