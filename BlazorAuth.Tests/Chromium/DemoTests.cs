using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>The app that people run first.</summary>
[Needs(Needs.Browser)]
public sealed class DemoTests(RealBrowser browser)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 320)]
    public async Task EveryPageOfItIsAccessibleFitsAndSaysWhatItIs(ColorScheme scheme, int width)
    {
        await using var person = await browser.OpenAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } });
        var page = await person.OpenTabAsync("/");
        await Person.SeesAsync(page, "You’re running BlazorAuth.");
        await Assertions.Expect(page.GetByText("Sign in with a simulated provider; no keys needed.")).ToBeVisibleAsync();
        await LookAsync("home", "BlazorAuth Notes");
        foreach (var name in (string[])["Google", "GitHub", "OpenID Connect"])
        {
            await Assertions.Expect(page.Locator(".providers").GetByRole(AriaRole.Button, new() { Name = "Continue with " + name }).Locator(".ba-icon")).ToBeVisibleAsync();
        }

        await person.PressAsync(page, "Continue with Google");
        await Person.ChooseAsync(page);
        await Person.SeesAsync(page, "Hello, Ada Lovelace");
        await LookAsync("signed-in", "BlazorAuth Notes");
        await page.GotoAsync("/notes");
        await LookAsync("notes", "Notes · BlazorAuth Notes");
        Assert.Equal(404, (await page.GotoAsync("/nowhere"))!.Status);
        await Person.SeesAsync(page, "Page not found");
        await LookAsync("not-found", "Page not found · BlazorAuth Notes");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Go home" })).ToBeVisibleAsync();

        async Task LookAsync(string name, string title)
        {
            await person.LiveAsync(page);
            await Assertions.Expect(page).ToHaveTitleAsync(title);
            // Text on a gradient: axe is given the colour where it is strongest.
            await page.AddStyleTagAsync(new() { Content = "body { background: color-mix(in srgb, var(--page), var(--accent) 12%) !important }" });
            var problems = await Axe.CheckAsync(page);
            Assert.True(problems.Length == 0, $"{name} {scheme} {width}: {string.Join('\n', problems)}");
            Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"{name} is wider than {width} pixels.");
            Assert.Equal(1, await page.Locator("h1").CountAsync());
            await Pictures.TakeAsync(page, $"demo-{scheme}-{width}/{name}");
        }
    }

    [Fact]
    public async Task ItShowsTheSessionAsItIsAndWhatCanBeDoneToIt()
    {
        await using var person = await browser.OpenAsync(new() { TimezoneId = "Asia/Tokyo", Locale = "en-GB" });
        await person.Browser.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var page = await person.SignInAsync("/");
        await person.LiveAsync(page);
        var facts = page.Locator(".session");
        await Assertions.Expect(facts).ToContainTextAsync("Chrome on Linux");
        await Assertions.Expect(facts.Locator("dd").First).ToHaveTextAsync("Google");
        Assert.Matches("^29d [0-9]+h [0-9]+m [0-9]+s$|^30d 0h 0m [0-9]+s$", await facts.Locator("count-down").EvaluateAsync<string>("element => element.shadowRoot.textContent"));
        Assert.Matches("^[0-9]{1,2} [A-Z][a-z]{2,3} [0-9]{4}, [0-9]{2}:[0-9]{2}$", await facts.Locator("local-time").EvaluateAsync<string>("element => element.shadowRoot.textContent"));
        await facts.Locator("summary").ClickAsync();
        await Assertions.Expect(facts.Locator("pre")).ToContainTextAsync("\"email\": \"ada@example.com\"");

        await page.Locator(".codes copy-button button").First.ClickAsync();
        await Assertions.Expect(page.Locator(".codes copy-button button").First).ToHaveTextAsync("Copied");
        Assert.Contains("AddBlazorAuth()", await page.EvaluateAsync<string>("navigator.clipboard.readText()"), StringComparison.Ordinal);

        await page.GotoAsync("/admin");
        await Person.SeesAsync(page, "No access");
        await Assertions.Expect(page.GetByText("You’re signed in as Ada Lovelace. This account can’t open Admin.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Go home" }).ClickAsync();
        await person.PressAsync(page, "Make me an admin");
        await person.PressAsync(page, "Admin", AriaRole.Link);
        await Person.SeesAsync(page, "Admin");
    }

    [Fact]
    public async Task TheSkipLinkLeadsPastTheHeader()
    {
        await using var person = await browser.OpenAsync();
        var page = await person.SignInAsync("/notes");
        await person.LiveAsync(page);
        Assert.Equal("Skip to content", await page.EvaluateAsync<string>("() => document.querySelector('a, button, input').textContent"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" }).FocusAsync();
        Assert.InRange((await page.Locator(".skip").BoundingBoxAsync())!.Y, 0, 100);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/notes#content");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.GetByLabel("New note")).ToBeFocusedAsync();
    }

    [Fact]
    [Needs(Needs.Build)]
    public async Task ItStartsAndServesItsPagesWithoutAWarning()
    {
        await using var app = await BuiltApp.StartAsync();
        using var client = new HttpClient { BaseAddress = app.Address };
        foreach (var path in (string[])["", "app.css", "demo.js", "favicon.svg", "_framework/blazor.web.js", "api/auth/signin"])
        {
            Assert.True((await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken)).IsSuccessStatusCode, path);
        }

        Assert.DoesNotContain("warn:", app.Output, StringComparison.Ordinal);
    }
}
