using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Net.Http.Headers;

namespace BlazorAuth.Testing;

/// <summary>
/// Begins a session like an app that signs someone in itself: a row in the app's store, and the cookie that a browser would get. No page is
/// visited and no provider is involved, so <c>OnSignIn</c> and <c>OnToken</c> do not run.
/// </summary>
internal static class SessionMaker
{
    public static async Task<MadeSession> BeginAsync(IServiceProvider services, TestUser user, Uri address)
    {
        RefuseRealStores(services);
        await using var scope = services.CreateAsyncScope();
        var first = Request(scope.ServiceProvider, address);
        await first.SignInAsync(user.ToPrincipal());
        var session = await CurrentAsync(services, first.Response, address)
            ?? throw new InvalidOperationException(
                $"'{user.Id}' could not be signed in at {address}: the app's default scheme is not BlazorAuth's, or its public address (AUTH_URL) is a different one.");
        if (user.Claims.Count > 0)
        {
            var manager = scope.ServiceProvider.GetRequiredService<SessionManager>();
            await manager.UpdateClaimsAsync(session.User.Id, session.Id, user.AddTo);
        }

        return new MadeSession(session.Id, Cookies(first.Response));
    }

    // A test that runs with production settings would leave sessions and users of people who never signed in.
    private static void RefuseRealStores(IServiceProvider services)
    {
        var environment = services.GetRequiredService<IHostEnvironment>();
        if (environment.IsDevelopment())
        {
            return;
        }

        // Check the stores themselves, not the settings: a store that is set in code takes precedence.
        Refuse(environment, services.GetRequiredService<ISessionStore>(), "BlazorAuth.Stores.Memory.MemorySessionStore", "AUTH_STORE");
        if (KeepsUsers(services))
        {
            Refuse(environment, services.GetRequiredService<IAccountStore>(), "BlazorAuth.Stores.Memory.MemoryAccountStore", "AUTH_ACCOUNTS");
        }
    }

    private static bool KeepsUsers(IServiceProvider services)
    {
        try
        {
            return services.GetService<AccountManager>() is not null;
        }
        catch (AuthSetupException)
        {
            // The app has an account callback or no accounts: there is no store to write to.
            return false;
        }
    }

    private static void Refuse(IHostEnvironment environment, object store, string inMemory, string setting)
    {
        if (store.GetType().FullName != inMemory)
        {
            throw new InvalidOperationException(
                $"The app under test runs in {environment.EnvironmentName} with a store that outlives the test. Set {setting} to memory and no store in code, or the environment to Development: "
                + "builder.UseEnvironment(\"Development\"). If the factory sets them already, the app ignores it: let its Program.cs call WebApplication.CreateBuilder(args).");
        }
    }

    /// <summary>Who is signed in according to the cookies of a response.</summary>
    public static async Task<ClaimsPrincipal?> PrincipalAsync(IServiceProvider services, IReadOnlyList<SetCookieHeaderValue> cookies, Uri address) =>
        (await Visit(services, cookies, address).AuthenticateAsync()).Principal;

    private static async Task<Session?> CurrentAsync(IServiceProvider services, HttpResponse response, Uri address)
    {
        // A new scope, as for each request: the platform caches the scheme's result per scope.
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

/// <summary>A session that began, and the cookies that a browser got for it.</summary>
internal sealed record MadeSession(string Id, IReadOnlyList<SetCookieHeaderValue> Cookies);
