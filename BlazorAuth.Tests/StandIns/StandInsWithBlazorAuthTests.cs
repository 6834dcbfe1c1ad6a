using System.Net;
using System.Text.Json;
using BlazorAuth.App.StandIns;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

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
        await using var app = await StartAsync(standInsFirst);
        var address = new Uri($"http://localhost:{new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port}/");
        using var browser = new StandInBrowser();

        var page = await browser.OpenAsync(new Uri(address, "api/auth/signin"));
        Assert.DoesNotContain("AUTH_GOOGLE_ID", page.Text, StringComparison.Ordinal);
        var picker = await browser.PressAsync(page, $"form[action$='/signin/{provider}'] button");
        Assert.Equal("/stand-ins", picker.Address.AbsolutePath[..10]);
        await browser.PressAsync(picker, "button[value=ada]");

        var session = await browser.OpenAsync(new Uri(address, "api/auth/session"));
        Assert.Equal("ada@example.com", JsonDocument.Parse(session.Text).RootElement.GetProperty("user").GetProperty("email").GetString());
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
        await using var app = await StartAsync(standInsFirst: true);
        var address = new Uri($"http://localhost:{new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port}/");
        using var browser = new StandInBrowser();
        var page = await browser.OpenAsync(new Uri(address, "api/auth/signin"));
        var picker = await browser.PressAsync(page, $"form[action$='/signin/{provider}'] button");
        var end = await browser.PressAsync(await browser.PressAsync(picker, $"button[value={fault}]"), "button[value=ada]");
        Assert.Equal(status, end.Status);
        Assert.Equal("null", (await browser.OpenAsync(new Uri(address, "api/auth/session"))).Text);
    }

    private static async Task<WebApplication> StartAsync(bool standInsFirst)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration["AUTH_STORE"] = "memory";
        builder.Configuration["AUTH_SECRET"] = "a-secret-for-tests-that-is-long-enough-to-be-accepted";
        if (standInsFirst)
        {
            builder.AddStandIns();
        }

        builder.Services.AddBlazorAuth().AddGoogle().AddGitHub();
        if (!standInsFirst)
        {
            builder.AddStandIns();
        }

        var app = builder.Build();
        app.MapBlazorAuth();
        app.MapStandIns();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
