using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Net.Http.Headers;

namespace BlazorAuth.Testing;

/// <summary>Signs people in to the app of a <see cref="WebApplicationFactory{TEntryPoint}"/>.</summary>
public static class SignInExtensions
{
    /// <summary>
    /// Signs someone in and returns their client: a session in the app's store, a cookie in the client. No page is visited and no provider is involved, so
    /// the app's sign-in callbacks do not run; set what they would add in <see cref="TestUser.Claims"/>.
    /// </summary>
    /// <param name="factory">The app under test.</param>
    /// <param name="user">The user ID.</param>
    /// <param name="roles">Their roles. Default: none.</param>
    public static Task<HttpClient> SignInAsync<TEntryPoint>(this WebApplicationFactory<TEntryPoint> factory, string user, IEnumerable<string>? roles = null)
        where TEntryPoint : class =>
        factory.SignInAsync(new TestUser(user) { Roles = [.. roles ?? []] });

    /// <inheritdoc cref="SignInAsync{TEntryPoint}(WebApplicationFactory{TEntryPoint}, string, IEnumerable{string})" />
    public static async Task<HttpClient> SignInAsync<TEntryPoint>(this WebApplicationFactory<TEntryPoint> factory, TestUser user)
        where TEntryPoint : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(user);
        var address = factory.ClientOptions.BaseAddress;
        var jar = new CookieContainer();
        foreach (var cookie in (await SessionMaker.BeginAsync(factory.Services, user, address)).Cookies)
        {
            jar.Add(address, new Cookie(cookie.Name.ToString(), cookie.Value.ToString(), "/") { Secure = cookie.Secure, HttpOnly = cookie.HttpOnly });
        }

        return factory.ClientOptions.AllowAutoRedirect
            ? factory.CreateDefaultClient(address, new RedirectHandler(factory.ClientOptions.MaxAutomaticRedirections), new CookieContainerHandler(jar))
            : factory.CreateDefaultClient(address, new CookieContainerHandler(jar));
    }

    /// <summary>
    /// Signs someone in and returns the cookies for a browser, as Playwright's storage state:
    /// <c>browser.NewContextAsync(new() { StorageState = state })</c>. The app must be reachable for the browser (<c>factory.UseKestrel(); factory.StartServer();</c>).
    /// </summary>
    /// <param name="factory">The app under test.</param>
    /// <param name="user">The user ID.</param>
    /// <param name="roles">Their roles. Default: none.</param>
    public static Task<string> SignInStateAsync<TEntryPoint>(this WebApplicationFactory<TEntryPoint> factory, string user, IEnumerable<string>? roles = null)
        where TEntryPoint : class =>
        factory.SignInStateAsync(new TestUser(user) { Roles = [.. roles ?? []] });

    /// <inheritdoc cref="SignInStateAsync{TEntryPoint}(WebApplicationFactory{TEntryPoint}, string, IEnumerable{string})" />
    public static async Task<string> SignInStateAsync<TEntryPoint>(this WebApplicationFactory<TEntryPoint> factory, TestUser user)
        where TEntryPoint : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(user);
        var address = factory.ClientOptions.BaseAddress;
        var made = await SessionMaker.BeginAsync(factory.Services, user, address);
        return JsonSerializer.Serialize(new { cookies = made.Cookies.Select(cookie => StateOf(cookie, address.Host)), origins = Array.Empty<object>() });
    }

    private static object StateOf(SetCookieHeaderValue cookie, string host) => new
    {
        name = cookie.Name.ToString(),
        value = cookie.Value.ToString(),
        domain = host,
        path = "/",
        expires = cookie.Expires?.ToUnixTimeSeconds() ?? -1,
        httpOnly = cookie.HttpOnly,
        secure = cookie.Secure,
        sameSite = cookie.SameSite is Microsoft.Net.Http.Headers.SameSiteMode.None ? "None" : "Lax",
    };
}
