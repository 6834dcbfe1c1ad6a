using BlazorAuth.Tests.Chromium.Anywhere;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Tests.Http;

/// <summary>Who gets it: circuits, and nobody who only reads.</summary>
public sealed partial class BrowserCookieTests
{
    [Fact]
    public async Task NoPageSetsIt()
    {
        await using var app = await StartWithCircuitsAsync();
        using var browser = app.CreateBrowser();

        foreach (var address in (string[])["/", "/page", "/static", "/api/auth/signin", "/api/auth/signin/github", "/api/auth/signout", "/api/auth/session", "/api/auth/csrf"])
        {
            await browser.OpenAsync(address);
        }

        Assert.Null(browser.Cookies.Find("__Host-" + Name));
    }

    [Fact]
    public async Task NegotiatingACircuitSetsIt()
    {
        await using var app = await StartWithCircuitsAsync();
        using var browser = app.CreateBrowser();

        await browser.FetchAsync(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        var first = browser.Cookies["__Host-" + Name];
        await browser.FetchAsync(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");

        Assert.NotNull(first);
        Assert.Equal(first, browser.Cookies["__Host-" + Name]);
    }

    private static Task<AuthApp> StartWithCircuitsAsync() => AuthApp.StartAsync(setup =>
    {
        setup.Address = Secure;
        setup.Services = services => services.AddRazorComponents().AddInteractiveServerComponents();
        setup.Map = app =>
        {
            app.UseAntiforgery();
            app.MapRazorComponents<AnywhereApp>().AddInteractiveServerRenderMode();
        };
    });
}
