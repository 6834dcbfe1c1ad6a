using Microsoft.Playwright;

namespace BlazorAuth.Bench.Pages;

/// <summary>A phone as Lighthouse imagines a slow one: 150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up; a processor at a quarter of its speed.</summary>
internal static class SlowPhone
{
    /// <summary>Milliseconds until the largest thing of a page is there, for somebody who was never here before.</summary>
    public static async Task<double> MeasureAsync(IBrowser chromium, string address)
    {
        await using var context = await chromium.NewContextAsync(new() { ViewportSize = new() { Width = 412, Height = 823 } });
        await context.AddInitScriptAsync("""
            window.largest = new Promise(told => new PerformanceObserver(list => told(list.getEntries().at(-1).startTime))
              .observe({ type: "largest-contentful-paint", buffered: true }));
            """);
        var page = await context.NewPageAsync();
        var devTools = await context.NewCDPSessionAsync(page);
        await devTools.SendAsync("Network.enable");
        await devTools.SendAsync("Network.emulateNetworkConditions", new()
        {
            ["offline"] = false, ["latency"] = 150, ["downloadThroughput"] = 1_600_000 / 8, ["uploadThroughput"] = 750_000 / 8,
        });
        await devTools.SendAsync("Emulation.setCPUThrottlingRate", new() { ["rate"] = 4 });
        await page.GotoAsync(address);
        return await page.EvaluateAsync<double>("() => largest");
    }
}
