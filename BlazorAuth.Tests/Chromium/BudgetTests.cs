using System.Globalization;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>What the pages weigh and how soon they are there, as Chromium measures it.</summary>
[Collection(BrowserTests.Name)]
public sealed class BudgetTests(BrowserFixture browser)
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
        await Person.PressAsync(page, "Continue with GitHub");
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
            await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.NetworkIdle });
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
    public async Task OnASlowPhoneTheLargestThingIsThereSoon(string address)
    {
        await using var person = await browser.OpenAsync(new() { ViewportSize = new() { Width = 412, Height = 823 } });
        await person.Browser.AddInitScriptAsync("""
            window.largest = new Promise(told => new PerformanceObserver(list => told(list.getEntries().at(-1).startTime))
              .observe({ type: "largest-contentful-paint", buffered: true }));
            """);
        var page = await person.OpenTabAsync("/api/auth/verify-request");
        var devTools = await person.Browser.NewCDPSessionAsync(page);
        await devTools.SendAsync("Network.enable");
        await devTools.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
        // The slow 4G of Lighthouse: 150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up; a processor at a quarter of its speed.
        await devTools.SendAsync("Network.emulateNetworkConditions", new()
        {
            ["offline"] = false, ["latency"] = 150, ["downloadThroughput"] = 1_600_000 / 8, ["uploadThroughput"] = 750_000 / 8,
        });
        await devTools.SendAsync("Emulation.setCPUThrottlingRate", new() { ["rate"] = 4 });
        await page.GotoAsync(address);
        var milliseconds = await page.EvaluateAsync<double>("() => largest");
        Say(string.Create(CultureInfo.InvariantCulture, $"{address}: largest contentful paint after {milliseconds:F0} ms"));
        Assert.InRange(milliseconds, 1, 5000);
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
