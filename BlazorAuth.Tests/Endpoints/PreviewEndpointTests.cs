using System.Net;
using BlazorAuth.Pages;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>GET preview</c>, <c>GET preview/{state}</c>: every page in every state, in Development.</summary>
public sealed class PreviewEndpointTests(PlainApp plain) : IClassFixture<PlainApp>
{
    [Fact]
    public async Task ThePreviewIsThereInDevelopmentOnly()
    {
        await using var development = await AuthApp.StartAsync();
        using var developer = development.CreateBrowser();
        Assert.Equal(PreviewStates.States.Count, (await developer.OpenAsync("/api/auth/preview")).Document.QuerySelectorAll("iframe").Length);

        await using var production = await AuthApp.StartAsync(setup =>
        {
            setup.Environment = "Production";
            setup.StandIns = false;
            setup.Providers = _ => { };
            setup.Settings["AUTH_URL"] = "http://localhost";
        });
        using var stranger = production.CreateBrowser();
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.OpenAsync("/api/auth/preview")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.OpenAsync("/api/auth/preview/signin")).Status);
    }

    [Fact]
    public async Task AStateThatIsNotThereIsNotFound()
    {
        using var browser = plain.App.CreateBrowser();
        foreach (var state in (string[])["nothing", "signin-nothing", "error-nothing", "SIGNIN", "provider/extra"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/api/auth/preview/" + state)).Status);
        }
    }

    [Fact]
    public async Task EveryStateIsAPageOfMadeUpPeopleThatOnlyThePreviewMayFrame()
    {
        using var browser = plain.App.CreateBrowser();
        foreach (var state in PreviewStates.States)
        {
            var page = await browser.GetAsync("/api/auth/preview/" + state);
            Assert.True(page.Status == HttpStatusCode.OK, $"{state}: {page.Status}");
            Assert.NotNull(page.Document.QuerySelector("main h1"));
            Assert.Contains("frame-ancestors 'self'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        }

        Assert.Equal("null", await browser.SessionAsync());
    }
}
