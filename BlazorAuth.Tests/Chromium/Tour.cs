using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>Every state of every page, visited once in each language, and all that the tests want to know of it: they judge, this only looks.</summary>
public sealed class Tour(RealBrowser browser)
{
    /// <summary>The width of a window on a desk.</summary>
    public const int Desk = 1280;

    /// <summary>What 400 % leaves of it.</summary>
    public const int Zoomed = 320;

    // As many at a time as make use of two cores.
    private const int Windows = 2;

    private readonly Lazy<Task<TourSeen>> _english = new(() => GoAsync(browser, "en", Desk, LookAllRoundAsync));
    private readonly Lazy<Task<TourSeen>> _arabic = new(() => GoAsync(browser, "ar", 480, async (page, picture) => [await LookAsync(page, picture, ColorScheme.Light)]));
    private readonly Lazy<Task<TourSeen>> _german = new(() => GoAsync(browser, "de", 320, async (page, picture) => [await LookAsync(page, picture, ColorScheme.Light)]));

    internal Task<TourSeen> InAsync(string language) => language switch
    {
        "en" => _english.Value,
        "ar" => _arabic.Value,
        "de" => _german.Value,
        _ => throw new ArgumentOutOfRangeException(nameof(language), language, "Nobody goes there."),
    };

    private static async Task<TourSeen> GoAsync(RealBrowser browser, string language, int width, Func<IPage, string, Task<ViewSeen[]>> lookAsync)
    {
        await using var person = await browser.OpenAsync(new() { ViewportSize = new() { Width = width, Height = 900 } });
        await person.Browser.AddInitScriptAsync(TourScripts.CollectShifts);
        var asked = new ConcurrentDictionary<string, bool>();
        person.Browser.Request += (_, request) => asked[new Uri(request.Url).Authority] = true;
        var states = new ConcurrentQueue<string>(PreviewStates.States);
        var seen = new ConcurrentBag<StateSeen>();
        await Task.WhenAll(Enumerable.Range(0, Windows).Select(async _ =>
        {
            var page = await person.OpenTabAsync("/api/auth/verify-request");
            while (states.TryDequeue(out var state))
            {
                await page.GotoAsync($"/api/auth/preview/{state}?ui_locales={language}");
                var document = await ReadAsync<DocumentSeen>(page, TourScripts.Document);
                seen.Add(new StateSeen(state, document, await lookAsync(page, $"{language}-{width}/{state}")));
            }
        }));
        return new TourSeen([.. PreviewStates.States.Select(state => seen.Single(one => one.Name == state))], person.Complaints, [.. asked.Keys], person.Address);
    }

    /// <summary>At 400 %, with the pixels of a zoomed screen and without, and in light and in dark.</summary>
    private static async Task<ViewSeen[]> LookAllRoundAsync(IPage page, string picture)
    {
        var devTools = await page.Context.NewCDPSessionAsync(page);
        ViewSeen[] zoomed = [await ZoomAsync(page, devTools, 256, 4), await ZoomAsync(page, devTools, 800, 1)];
        await ResizeAsync(devTools, Desk, 900, 1);
        ViewSeen[] schemes = [await LookAsync(page, "light-" + picture, ColorScheme.Light), await LookAsync(page, "dark-" + picture, ColorScheme.Dark)];
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await devTools.DetachAsync();
        return [.. zoomed, .. schemes];
    }

    private static async Task<ViewSeen> ZoomAsync(IPage page, ICDPSession devTools, int height, int zoom)
    {
        await ResizeAsync(devTools, Zoomed, height, zoom);
        return new ViewSeen("light", zoom, null, await ReadAsync<EdgesSeen>(page, TourScripts.Edges, new { width = Zoomed, zoom }));
    }

    private static Task<JsonElement?> ResizeAsync(ICDPSession devTools, int width, int height, int zoom) => devTools.SendAsync(
        "Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = zoom, ["mobile"] = false });

    private static async Task<ViewSeen> LookAsync(IPage page, string picture, ColorScheme scheme)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await page.EvaluateAsync(TourScripts.Settle);
        var problems = scheme == ColorScheme.Dark ? await Axe.CheckColorsAsync(page) : await Axe.CheckAsync(page);
        var edges = await ReadAsync<EdgesSeen>(page, TourScripts.Edges, new { width = page.ViewportSize!.Width, zoom = 1 });
        await Pictures.TakeAsync(page, picture);
        return new ViewSeen(scheme == ColorScheme.Dark ? "dark" : "light", 1, problems, edges);
    }

    private static async Task<T> ReadAsync<T>(IPage page, string script, object? argument = null) =>
        (await page.EvaluateAsync<JsonElement>(script, argument)).Deserialize<T>(JsonSerializerOptions.Web)!;
}
