using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>What an element looks like to the browser.</summary>
internal static class Look
{
    public static Task<string> StyleAsync(ILocator element, string property) =>
        element.EvaluateAsync<string>($"element => getComputedStyle(element).{property}");
}
