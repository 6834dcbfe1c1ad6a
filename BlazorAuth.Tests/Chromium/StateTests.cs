using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>Every page in every state, as Chromium draws it: one tour per language, and everything that has to be true of each state.</summary>
[Needs(Needs.Browser)]
public sealed class StateTests(RealBrowser browser, Tour tour) : IClassFixture<Tour>
{
    [Theory]
    [InlineData("light", "en", Tour.Desk)]
    [InlineData("dark", "en", Tour.Desk)]
    [InlineData("light", "ar", 480)]
    [InlineData("light", "de", 320)]
    public async Task EveryStateIsAccessibleAndFits(string scheme, string language, int width)
    {
        foreach (var state in (await tour.InAsync(language)).States)
        {
            var view = Assert.Single(state.Views, view => view.Scheme == scheme && view.Problems is not null);
            Assert.True(view.Problems!.Length == 0, $"{state.Name} {scheme} {language}: {string.Join('\n', view.Problems)}");
            Assert.Equal(width, view.Edges.Width);
            Assert.True(view.Edges.Fits, $"{state.Name} is wider than {width} pixels.");
        }
    }

    [Fact]
    public async Task EveryStateKeepsItsPolicyAndAsksNobodyElse()
    {
        var seen = await tour.InAsync("en");
        foreach (var state in seen.States)
        {
            Assert.Equal((1, 1), (state.Document.Headings, state.Document.Mains));
            Assert.EndsWith(" · BlazorAuth Notes", state.Document.Title, StringComparison.Ordinal);
        }

        Assert.Empty(seen.Complaints);
        Assert.Equal([seen.Address.Authority], seen.Asked.Where(authority => authority.Length > 0));
    }

    [Fact]
    public async Task NothingMovesLongerThanAHundredAndFiftyMilliseconds()
    {
        var states = (await tour.InAsync("en")).States;
        Assert.All(states, state => Assert.True(state.Document.Motion <= 0.15, $"Something in {state.Name} moves for {state.Document.Motion} s."));
        Assert.True(states.Max(state => state.Document.Motion) > 0, "Nothing was measured.");
    }

    [Fact]
    public async Task TheCardIsNarrowAndInTheMiddleAndNothingMovesWhileItLoads()
    {
        foreach (var (name, document, _) in (await tour.InAsync("en")).States)
        {
            var isWide = name.StartsWith("account", StringComparison.Ordinal) || name.StartsWith("sessions", StringComparison.Ordinal);
            Assert.True(document.CardWidth <= (isWide ? 576 : 400), $"The card of {name} is {document.CardWidth} pixels wide.");
            Assert.Equal(Tour.Desk - (document.CardLeft + document.CardWidth), document.CardLeft, 1.0);
            Assert.True(document.Shifts.Length == 0, $"{name} moved by {string.Join(", ", document.Shifts)}.");
        }
    }

    [Fact]
    public async Task AMoveWhileAPageLoadsWouldBeNoticed()
    {
        await using var person = await browser.OpenAsync(new() { ViewportSize = new() { Width = Tour.Desk, Height = 900 } });
        await person.Browser.AddInitScriptAsync(TourScripts.CollectShifts);
        var page = await person.OpenTabAsync("/api/auth/preview/signin");
        Assert.Empty(await page.EvaluateAsync<string[]>(TourScripts.Shifts));
        await page.EvaluateAsync("() => { const push = document.createElement('div'); push.style.height = '200px'; document.body.prepend(push); }");
        Assert.NotEmpty(await page.EvaluateAsync<string[]>(TourScripts.Shifts));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(1)]
    public async Task AtFourHundredPercentNothingIsScrolledSidewaysOrCutOff(int zoom)
    {
        foreach (var state in (await tour.InAsync("en")).States)
        {
            var view = Assert.Single(state.Views, view => view.Zoom == zoom && view.Problems is null);
            Assert.Equal(Tour.Zoomed, view.Edges.Width);
            Assert.True(view.Edges.Cut.Length == 0, $"{state.Name}: {string.Join('\n', view.Edges.Cut)}");
            Assert.True(view.Edges.Fits, state.Name);
        }
    }
}
