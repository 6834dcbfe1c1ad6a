using BlazorAuth.Pages;

namespace BlazorAuth.Tests.Pages;

/// <summary>An app names its accent; what is written on it and in it can be read.</summary>
public sealed class ReadableAccentTests
{
    [Theory]
    [InlineData("#0f766e", null, "#ffffff", "light-dark(#0f766e, #3b8e88)")]
    [InlineData("light-dark(#7c3aed, #c4b5fd)", null, "light-dark(#ffffff, #0d1526)", "light-dark(#7c3aed, #c4b5fd)")]
    [InlineData(" #FC0 ", null, "#0d1526", "light-dark(#8a710e, #ffcc00)")]
    [InlineData("#0f766e", "#ffffff", "#ffffff", "#0f766e")]
    public void ItComesWithTextLinksAndFocus(string accent, string? surface, string text, string link)
    {
        var variables = new Dictionary<string, string> { ["accent"] = accent };
        if (surface is not null)
        {
            variables["surface"] = surface;
        }

        Assert.Equal([("accent-text", text), ("link", link), ("focus", link)], ReadableAccent.Complete(variables));
    }

    [Theory]
    [InlineData("rebeccapurple")]
    [InlineData("oklch(0.6 0.2 280)")]
    [InlineData("#12345")]
    public void AColourThatWeCannotReadIsLeftToTheApp(string accent) =>
        Assert.Empty(ReadableAccent.Complete(new Dictionary<string, string> { ["accent"] = accent }));

    [Fact]
    public void WhatTheAppSetsStays() => Assert.Equal(
        ["focus"],
        ReadableAccent.Complete(new Dictionary<string, string> { ["accent"] = "#0f766e", ["accent-text"] = "#000", ["link"] = "#00f" }).Select(set => set.Name));

    [Fact]
    public async Task ThePagesTakeThem()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth => auth.Pages.Variables["accent"] = "#0f766e");
        using var browser = app.CreateBrowser();
        var page = (await browser.OpenAsync("/api/auth/signin")).Document;
        var sheets = await Task.WhenAll(page.QuerySelectorAll("link[rel=stylesheet]").Select(async link => (await browser.GetAsync(link.GetAttribute("href")!)).Text));
        Assert.Contains(sheets, sheet => sheet.Contains("--ba-link: light-dark(#0f766e, #3b8e88);", StringComparison.Ordinal));
    }
}
