using System.Diagnostics;
using Microsoft.Playwright;

namespace BlazorAuth.Bench.Pages;

/// <summary>The animated picture in the README: two tabs of the running demo app, one of which signs out.</summary>
internal sealed class SignOutPicture(string address, string folder)
{
    private readonly List<(string File, double Seconds)> _frames = [];
    private IPage _stage = null!;
    private IPage _left = null!;
    private IPage _right = null!;

    public async Task DrawAsync(IBrowser chromium, string picture)
    {
        await using var context = await chromium.NewContextAsync(new() { BaseURL = address, ViewportSize = new() { Width = 560, Height = 520 } });
        await using var theatre = await chromium.NewContextAsync(new() { ViewportSize = new() { Width = 1176, Height = 620 } });
        _stage = await theatre.NewPageAsync();
        await _stage.SetContentAsync(Stage.Document);
        _left = await context.NewPageAsync();
        _right = await context.NewPageAsync();
        await SetUpAsync();
        await PlayAsync(context);
        await WriteAsync(picture);
    }

    private async Task SetUpAsync()
    {
        await _left.GotoAsync("/api/auth/signin?callbackUrl=/notes");
        await _left.GetByRole(AriaRole.Button, new() { Name = "Continue with GitHub" }).ClickAsync();
        await ChooseAsync(_left);
        await _left.Locator(".ba-menu[data-ba-live]").WaitForAsync();
        await _right.GotoAsync("/");
        await _right.Locator(".ba-menu[data-ba-live]").WaitForAsync();
    }

    private async Task PlayAsync(IBrowserContext context)
    {
        await TakeAsync("left", 260, 400, 1.2);
        const string Note = "Call the dentist about";
        for (var length = 5; length < Note.Length + 5; length += 5)
        {
            await _left.GetByLabel("New note").FillAsync(Note[..Math.Min(length, Note.Length)]);
            await TakeAsync("left", 260, 400, 0.25);
        }

        await TakeAsync("left", 260, 400, 1);
        await GoAndPressAsync(_right, "right", _right.Locator(".ba-menu > button"), 1.5);
        await GoAndPressAsync(_right, "right", _right.Locator(".ba-menu [popover]").GetByRole(AriaRole.Button, new() { Name = "Sign out" }), 0);
        await _left.Locator("[data-session-ended]").WaitForAsync();
        await _right.GetByRole(AriaRole.Button, new() { Name = "Continue with GitHub" }).First.WaitForAsync();
        await TakeAsync("right", 500, 300, 4.5);

        var popup = await context.RunAndWaitForPageAsync(() => GoAndPressAsync(_left, "left", _left.Locator("[data-session-ended] [data-session-sign-in]"), 0));
        await popup.SetViewportSizeAsync(400, 420);
        await popup.GetByRole(AriaRole.Button, new() { Name = "Continue with GitHub" }).WaitForAsync();
        await ShowPopupAsync(popup, 1.5);
        await popup.GetByRole(AriaRole.Button, new() { Name = "Continue with GitHub" }).ClickAsync();
        await popup.GetByRole(AriaRole.Button, new() { Name = "Ada Lovelace" }).WaitForAsync();
        await ShowPopupAsync(popup, 1.5);
        await ChooseAsync(popup);
        await _left.Locator("[data-session-ended]").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await _right.Locator(".ba-menu[data-ba-live]").WaitForAsync();
        await TakeAsync("left", 300, 460, 4.5);
    }

    private static Task ChooseAsync(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Ada Lovelace" }).ClickAsync();

    private async Task GoAndPressAsync(IPage page, string side, ILocator target, double seconds)
    {
        var box = (await target.BoundingBoxAsync())!;
        var (x, y) = (box.X + (box.Width * 0.6f), box.Y + (box.Height * 0.6f));
        await TakeAsync(side, x, y, 0.7);
        await page.Mouse.ClickAsync(x, y);
        if (seconds > 0)
        {
            await TakeAsync(side, x, y, seconds);
        }
    }

    private async Task ShowPopupAsync(IPage popup, double seconds)
    {
        await Stage.ShowAsync(_stage, "popup", popup.Url, await popup.ScreenshotAsync());
        await TakeAsync("left", 320, 420, seconds);
        await Stage.HideAsync(_stage, "popup");
    }

    private async Task TakeAsync(string side, double x, double y, double seconds)
    {
        await Stage.ShowAsync(_stage, "left", _left.Url, await _left.ScreenshotAsync());
        await Stage.ShowAsync(_stage, "right", _right.Url, await _right.ScreenshotAsync());
        await Stage.PointAsync(_stage, side, x, y);
        var file = Path.Combine(folder, $"{_frames.Count:000}.png");
        await _stage.ScreenshotAsync(new() { Path = file });
        _frames.Add((file, seconds));
    }

    private async Task WriteAsync(string picture)
    {
        var list = Path.Combine(folder, "frames.txt");
        // The last one stands twice, or its time would be ignored.
        await File.WriteAllLinesAsync(list, _frames.Append((_frames[^1].File, 0.1)).Select(frame => FormattableString.Invariant($"file '{frame.Item1}'\nduration {frame.Item2}")));
        using var ffmpeg = Process.Start("ffmpeg",
        [
            "-v", "error", "-y", "-f", "concat", "-safe", "0", "-i", list, "-fps_mode", "passthrough",
            "-filter_complex", "scale=840:-1:flags=lanczos,split[a][b];[a]palettegen=max_colors=96:stats_mode=full[p];[b][p]paletteuse=dither=none:diff_mode=rectangle", picture,
        ]);
        await ffmpeg.WaitForExitAsync();
        if (ffmpeg.ExitCode != 0)
        {
            throw new InvalidOperationException($"ffmpeg ended with {ffmpeg.ExitCode}.");
        }

        Console.WriteLine($"{picture}: {_frames.Count} frames, {_frames.Sum(frame => frame.Seconds):0.0} s, {new FileInfo(picture).Length / 1024} KB");
    }
}
