using System.Collections.Concurrent;
using System.Net;
using BlazorAuth.Tests.Chromium;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.StandIns;

/// <summary>The picker is the first page a developer sees: what it must have, and that it works in a real browser without script.</summary>
public sealed class PickerPageTests(RealBrowser chromium)
{
    [Theory]
    [InlineData("Google", "Development stand-in for Google — not Google", "AUTH_GOOGLE_ID")]
    [InlineData("GitHub", "Development stand-in for GitHub — not GitHub", "AUTH_GITHUB_ID")]
    [InlineData("oidc", "Development stand-in for an OpenID provider — not a real one", "AUTH_OIDC_ISSUER")]
    public async Task ThePickerSaysWhatItIs(string scheme, string label, string variable)
    {
        await using var app = await StandInApp.StartAsync();
        using var browser = app.CreateBrowser();
        var picker = await StandInApp.StartSignInAsync(browser, scheme);
        var main = picker.Document.QuerySelector("main")!;
        Assert.Equal(label, main.QuerySelector(".label")!.TextContent);
        Assert.Single(picker.Document.QuerySelectorAll("h1"));
        Assert.Contains(app.Address.Authority, main.TextContent, StringComparison.Ordinal);
        Assert.Contains(variable, main.TextContent, StringComparison.Ordinal);
        Assert.Empty(picker.Document.QuerySelectorAll("script"));
        Assert.Equal("no-store", picker.Response.Headers.CacheControl?.ToString());
        Assert.StartsWith("default-src 'none'", Assert.Single(picker.Response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(StandInFlowTests.Schemes), MemberType = typeof(StandInFlowTests))]
    public async Task ParametersAreShownAsTextOnly(string scheme)
    {
        await using var app = await StandInApp.StartAsync();
        using var browser = app.CreateBrowser();
        var picker = await StandInApp.StartSignInAsync(browser, scheme);
        var hostile = await browser.OpenAsync(QueryHelpers.AddQueryString(picker.Address.AbsoluteUri, new Dictionary<string, string?>
        {
            ["login_hint"] = "\"><script>alert(1)</script>",
            ["x\"><img src=x onerror=alert(1)>"] = "y",
        }));
        Assert.Equal(HttpStatusCode.OK, hostile.Status);
        Assert.Empty(hostile.Document.QuerySelectorAll("script, [onerror]"));
    }

    [Fact]
    [Needs(Needs.Browser)]
    public async Task ItWorksInChromiumAt320PixelsWithoutScript()
    {
        await using var app = await StandInApp.StartAsync();
        await using var person = await chromium.OpenAsync(new() { JavaScriptEnabled = false, ViewportSize = new() { Width = 320, Height = 640 } }, app.Address);
        var page = await person.Browser.NewPageAsync();
        var requests = new ConcurrentQueue<string>();
        var complaints = new ConcurrentQueue<string>();
        page.Request += (_, request) => requests.Enqueue(new Uri(request.Url).Authority);
        page.Console += (_, message) => complaints.Enqueue(message.Text);

        await page.GotoAsync(new Uri(app.Address, "start/oidc").AbsoluteUri);
        await page.GetByText("Someone else").ClickAsync();
        foreach (var box in await page.Locator("button:visible, input:visible, summary").AllAsync())
        {
            var bounds = (await box.BoundingBoxAsync())!;
            Assert.True(bounds.X >= 0 && bounds.X + bounds.Width <= 320, await box.InnerTextAsync());
            Assert.True(bounds.Height >= 36);
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Unverified email" }).ClickAsync();
        await page.GetByText("Someone else").ClickAsync();
        await page.GetByLabel("Name").FillAsync("Kim Lee");
        await page.GetByLabel("Email", new() { Exact = true }).FillAsync("kim@example.net");
        Assert.Empty(complaints);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(new Uri(app.Address, "me").AbsoluteUri);
        Assert.Contains("kim@example.net", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.All(requests, authority => Assert.Equal(app.Address.Authority, authority));
    }
}
