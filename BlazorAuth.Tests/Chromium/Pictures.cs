using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>Pictures of pages, for the eyes of a person: taken where <c>BLAZORAUTH_SCREENSHOTS</c> names a folder.</summary>
internal static class Pictures
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("BLAZORAUTH_SCREENSHOTS") is { Length: > 0 } folder ? folder : null;

    public static async Task TakeAsync(IPage page, string name)
    {
        if (Folder is not null)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, name + ".png"), FullPage = true });
        }
    }
}
