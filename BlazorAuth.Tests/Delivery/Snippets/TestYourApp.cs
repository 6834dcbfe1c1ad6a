using System.Net;
using BlazorAuth;
using BlazorAuth.Testing;
using BlazorAuth.Tests.Delivery.Snippets;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;

namespace Snippets;

internal static class TestYourApp
{
    public static async Task PageAsync()
    {
        await using var factory = new AuthTestFactory<Program>();
        using var ada = await factory.SignInAsync("ada", roles: ["admin"]);
        Assert.Contains("Hello Ada", await ada.GetStringAsync("/me"), StringComparison.Ordinal);
        using var stranger = factory.CreateClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/me")).StatusCode);
    }

    public static async Task UserAsync(AuthTestFactory<Program> factory)
    {
        using var grace = await factory.SignInAsync(new TestUser("grace")
        {
            Name = "Grace Hopper",
            Roles = ["admin"],
            Claims = new Dictionary<string, object?> { ["team"] = "compilers" },
        });
        var sessions = factory.Services.GetRequiredService<SessionManager>();
        await sessions.RevokeUserAsync("grace");
        Assert.Equal("null", await grace.GetStringAsync("/api/auth/session"));
    }

    public static async Task TimeAsync(AuthTestFactory<Program> factory)
    {
        using var ada = await factory.SignInAsync("ada");
        factory.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal("null", await ada.GetStringAsync("/api/auth/session"));
    }

    public static async Task BrowserAsync(AuthTestFactory<Program> factory, IBrowser browser, SessionManager sessions)
    {
        factory.UseKestrel(0);
        factory.StartServer();
        await using var person = await browser.NewContextAsync(new()
        {
            StorageState = await factory.SignInStateAsync("ada"),
            BaseURL = factory.ClientOptions.BaseAddress.AbsoluteUri,
        });
        var page = await person.NewPageAsync();
        await page.GotoAsync("/notes");
        await Assertions.Expect(page.Locator("[data-session-circuit]").First).ToBeAttachedAsync();
        await sessions.RevokeUserAsync("ada");
        await Assertions.Expect(page.Locator("[data-session-ended]")).ToBeVisibleAsync();
    }

    public static async Task ComponentAsync()
    {
        using var context = new BunitContext();
        var session = context.AddSession("ada", roles: ["admin"]);
        var page = context.Render<Greeting>();
        page.MarkupMatches("<p>Hello Ada</p>");
        await session.EndAsync();
        page.WaitForAssertion(() => page.MarkupMatches("<p>Hello stranger</p>"));
    }

    public static async Task OverlayAsync(BunitContext context, TestSession session)
    {
        var overlay = context.Render<SessionOverlay>();
        await session.EndAsync();
        overlay.ExpectCovered();
    }
}
