using BlazorAuth.Tests.Chromium.Anywhere;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>Signing in and out from any kind of page, by form and by code: it ends on the same page, with its query and its fragment.</summary>
[Needs(Needs.Browser)]
public sealed class AnywhereTests(RealBrowser browser)
{
    private const string Place = "/anywhere/place?q=1#last";

    // Browsers keep fragments to themselves.
    private const string PlaceOnTheServer = "/anywhere/place?q=1";

    [Theory]
    [InlineData("static", "form")]
    [InlineData("static with our script", "form")]
    [InlineData("island", "form")]
    [InlineData("island", "code")]
    [InlineData("island without prerendering", "form")]
    [InlineData("island without prerendering", "code")]
    [InlineData("global", "form")]
    [InlineData("global", "code")]
    [InlineData("global without prerendering", "form")]
    [InlineData("global without prerendering", "code")]
    public async Task APersonSignsInAndOutAndIsOnTheSamePageStill(string mode, string way)
    {
        var drawn = AnywhereMode.Of(mode);
        await using var app = await AnywhereHost.StartAsync(drawn);
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await person.OpenTabAsync(Place);
        await IsThereAsync(page, app, drawn, "nobody");

        await person.PressAsync(page, "Sign in by " + way);
        await Person.ChooseAsync(page);
        await IsThereAsync(page, app, drawn, "Ada Lovelace");
        await person.PressAsync(page, "Sign out by " + way);
        await IsThereAsync(page, app, drawn, "nobody");
        Assert.DoesNotContain(await person.Browser.CookiesAsync(), cookie => cookie.Name.StartsWith("authjs.session-token", StringComparison.Ordinal));

        // The same once more where no page was loaded in between: the router, or enhanced navigation, brought the person here. It runs no
        // script of the page it brings.
        await page.GotoAsync("/anywhere");
        await Assertions.Expect(page.Locator("h1")).ToHaveAttributeAsync("data-live", drawn.OfTheApp is not null ? "yes" : "no");
        await page.EvaluateAsync("window.sameDocument = true");
        await page.GetByRole(AriaRole.Link, new() { Name = "To the place" }).ClickAsync();
        await IsThereAsync(page, app, drawn, "nobody");
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument === true"));
        await person.PressAsync(page, "Sign in by " + way);
        await Person.ChooseAsync(page);
        await IsThereAsync(page, app, drawn, "Ada Lovelace", drawn.IsLive || drawn.HasScript ? Place : PlaceOnTheServer);
        IsCalm(person, app);
    }

    [Fact]
    public async Task CodeThatRunsWhileAPageIsDrawnLeadsToTheButtonsOfOurPages()
    {
        var drawn = AnywhereMode.Of("static");
        await using var app = await AnywhereHost.StartAsync(drawn);
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await person.OpenTabAsync(Place);
        await person.PressAsync(page, "Sign in by code");
        await Person.SeesAsync(page, "Sign in with GitHub");
        await person.PressAsync(page, "Continue with GitHub");
        await Person.ChooseAsync(page);
        await IsThereAsync(page, app, drawn, "Ada Lovelace", PlaceOnTheServer);

        await person.PressAsync(page, "Sign out by code");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Sign out of");
        await person.PressAsync(page, "Sign out");
        await Person.SeesAsync(page, "You’re signed out");
        IsCalm(person, app);
    }

    private static async Task IsThereAsync(IPage page, AuthApp app, AnywhereMode mode, string who, string place = Place)
    {
        await Assertions.Expect(page.Locator("#who")).ToHaveTextAsync(who);
        await Assertions.Expect(page.Locator("#buttons")).ToHaveAttributeAsync("data-live", mode.IsLive ? "yes" : "no");
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(app.Address, place).AbsoluteUri);
    }

    private static void IsCalm(Person person, AuthApp app)
    {
        Assert.Empty(person.Complaints);
        Assert.DoesNotContain(app.Logs.All, line => line.Text.Contains("read-only", StringComparison.OrdinalIgnoreCase));
    }
}
