using System.Globalization;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>What the pages weigh on the wire, as Chromium measures it. How soon they are there depends on the machine: <c>bench/Pages</c> tells.</summary>
[Needs(Needs.Browser)]
public sealed class BudgetTests(RealBrowser browser)
{
    private static readonly string[] Pages =
    [
        "/api/auth/signin", "/api/auth/signin/github", "/api/auth/error?error=AccessDenied", "/api/auth/verify-request", "/api/auth/account", "/api/auth/sessions",
        "/api/auth/signout", "/",
    ];

    [Fact]
    public async Task StyleSheetsAndScriptsOfAllPagesTogetherCrossTheWireInThirtyKilobytes()
    {
        await using var person = await browser.OpenAsync();
        var page = await person.OpenTabAsync("/api/auth/signin?callbackUrl=/api/auth/account");
        await person.PressAsync(page, "Continue with Google");
        await Person.ChooseAsync(page);
        await Person.SeesAsync(page, "Your account");

        var devTools = await person.Browser.NewCDPSessionAsync(page);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var sizes = new Dictionary<string, double>(StringComparer.Ordinal);
        devTools.Event("Network.responseReceived").OnEvent += (_, told) => files[told!.Value.GetProperty("requestId").GetString()!] =
            told.Value.GetProperty("response").GetProperty("url").GetString()!;
        devTools.Event("Network.loadingFinished").OnEvent += (_, told) =>
        {
            if (files.TryGetValue(told!.Value.GetProperty("requestId").GetString()!, out var file) && file.Contains("/api/auth/assets/", StringComparison.Ordinal))
            {
                sizes[file] = told.Value.GetProperty("encodedDataLength").GetDouble();
            }
        };
        await devTools.SendAsync("Network.enable");
        await devTools.SendAsync("Network.clearBrowserCache");
        await devTools.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
        foreach (var address in Pages)
        {
            await page.GotoAsync(address);
        }

        foreach (var (file, size) in sizes)
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"{new Uri(file).Segments[^1]}: {size} bytes with headers"));
        }

        Assert.Equal(["app.js", "blazorauth.css", "blazorauth.js", "session.js"], sizes.Keys.Select(file => new Uri(file).Segments[^1]).Distinct().Order(StringComparer.Ordinal));
        Assert.InRange(sizes.Values.Sum(), 1, 30 * 1024);
    }

    [Theory]
    [InlineData("/api/auth/signin")]
    [InlineData("/api/auth/signin/github")]
    [InlineData("/api/auth/error?error=AccessDenied")]
    public async Task TheLargestThingIsTextThatWaitsForThePageAndOneStyleSheetInOneRoundTrip(string address)
    {
        await using var person = await browser.OpenAsync(new() { ViewportSize = new() { Width = 412, Height = 823 } });
        await person.Browser.AddInitScriptAsync("""
            window.largest = new Promise(told => new PerformanceObserver(list => told(list.getEntries().at(-1)))
              .observe({ type: "largest-contentful-paint", buffered: true }));
            """);
        var page = await person.OpenTabAsync(address);
        var largest = await page.EvaluateAsync<string[]>("async () => { const { url, element } = await largest; return [url, element.closest('main') ? 'main' : '']; }");
        var blocking = await page.EvaluateAsync<string[]>(
            "() => performance.getEntriesByType('resource').filter(file => file.renderBlockingStatus === 'blocking').map(file => file.name)");
        var size = await page.EvaluateAsync<double>("""
            () => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource").filter(file => file.renderBlockingStatus === "blocking")]
              .reduce((sum, file) => sum + file.transferSize, 0)
            """);
        Say(string.Create(CultureInfo.InvariantCulture, $"{address}: {size} bytes with headers"));
        Assert.Equal(["", "main"], largest);
        Assert.Equal("blazorauth.css", new Uri(Assert.Single(blocking)).Segments[^1]);

        // Ten packets: what a server may send before it hears from the browser.
        Assert.InRange(size, 1, 10 * 1460);
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
