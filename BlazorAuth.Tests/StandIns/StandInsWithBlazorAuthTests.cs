using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Snippets;

namespace BlazorAuth.Tests.StandIns;

/// <summary>The library's own providers and callbacks against the stand-ins, in either order of registration.</summary>
public sealed class StandInsWithBlazorAuthTests
{
    [Theory]
    [InlineData("google", false)]
    [InlineData("github", false)]
    [InlineData("oidc", false)]
    [InlineData("google", true)]
    [InlineData("github", true)]
    [InlineData("oidc", true)]
    public async Task APersonSignsInThroughTheAuthEndpoints(string provider, bool standInsFirst)
    {
        await using var app = await AuthApp.StartAsync(setup => (setup.Kestrel, setup.StandInsFirst) = (true, standInsFirst));
        using var browser = app.CreateBrowser();

        var page = await browser.OpenAsync("/api/auth/signin");
        Assert.DoesNotContain("AUTH_GOOGLE_ID", page.Text, StringComparison.Ordinal);
        var picker = await browser.PressAsync(page, $"form[action$='/signin/{provider}'] button");
        Assert.Equal("/stand-ins", picker.Address.AbsolutePath[..10]);
        await browser.PressAsync(picker, "button[value=ada]");

        var session = await browser.OpenAsync("/api/auth/session");
        Assert.Equal("ada@example.com", (string?)session.Json!["user"]!["email"]);
    }

    [Fact]
    public async Task RolesOfAPersonReachTheApp()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            foreach (var (name, value) in new[] { ("Id", "kim"), ("Name", "Kim Lee"), ("Email", "kim@example.org"), ("Roles:0", "admin") })
            {
                setup.Settings["StandIns:People:0:" + name] = value;
            }

            setup.Options = WhoMaySignIn.TakeRolesFromTheProvider;
            setup.Map = app => app.MapGet("/role", (ClaimsPrincipal user) => user.IsInRole("admin") ? "admin" : "nobody");
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("oidc", "kim");
        Assert.Equal("admin", (await browser.OpenAsync("/role")).Text);
    }

    [Theory]
    [InlineData("google", "server-error", HttpStatusCode.ServiceUnavailable)]
    [InlineData("github", "server-error", HttpStatusCode.ServiceUnavailable)]
    [InlineData("oidc", "server-error", HttpStatusCode.ServiceUnavailable)]
    [InlineData("google", "wrong-issuer", HttpStatusCode.BadRequest)]
    [InlineData("github", "wrong-issuer", HttpStatusCode.BadRequest)]
    [InlineData("oidc", "wrong-issuer", HttpStatusCode.BadRequest)]
    public async Task AFaultEndsOnTheErrorPage(string provider, string fault, HttpStatusCode status)
    {
        await using var app = await AuthApp.StartAsync(setup => (setup.Kestrel, setup.StandInsFirst) = (true, true));
        using var browser = app.CreateBrowser();
        var page = await browser.OpenAsync("/api/auth/signin");
        var picker = await browser.PressAsync(page, $"form[action$='/signin/{provider}'] button");
        var end = await browser.PressAsync(await browser.PressAsync(picker, $"button[value={fault}]"), "button[value=ada]");
        Assert.Equal(status, end.Status);
        Assert.Equal("null", await browser.SessionAsync());
    }
}
