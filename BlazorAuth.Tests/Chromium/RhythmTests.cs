using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>The distances on the pages, and what opening things moves: nothing.</summary>
[Needs(Needs.Browser)]
public sealed class RhythmTests(RealBrowser browser)
{
    private const string Between = """
        ([upper, lower]) => {
          const find = selector => document.querySelector(selector).getBoundingClientRect();
          return Math.round(find(lower).top - find(upper).bottom);
        }
        """;

    [Theory]
    [InlineData("signin", ".ba-brand", "h1", 24)]
    [InlineData("signin", ".ba-to", ".ba-providers", 20)]
    [InlineData("error-expired", ".ba-lead", ".ba-form, p:has(.ba-button)", 20)]
    [InlineData("signin", ".ba-providers", ".ba-providers ~ p", 16)]
    [InlineData("signin-credentials", ".ba-form:has(.ba-primary)", ".ba-form:has(.ba-primary) ~ p", 16)]
    [InlineData("signout", ".ba-lead", ".ba-choices legend", 20)]
    public async Task TheDeclaredDistancesApply(string state, string upper, string lower, int pixels)
    {
        await using var person = await browser.OpenAsync();
        var page = await person.OpenTabAsync($"/api/auth/preview/{state}?ui_locales=en");
        Assert.Equal(pixels, await page.EvaluateAsync<int>(Between, new[] { upper, lower }));
    }

    [Theory]
    [InlineData("en", 1280)]
    [InlineData("ar", 320)]
    public async Task TheListOfLanguagesMovesNothingAndEscapeClosesIt(string language, int width)
    {
        await using var person = await browser.OpenAsync(new() { ViewportSize = new() { Width = width, Height = 700 } });
        var page = await person.OpenTabAsync($"/api/auth/preview/signin?ui_locales={language}");
        const string Places = "() => JSON.stringify([...document.querySelectorAll('body *')].filter(element => !element.closest('[popover]')).map(element => element.getBoundingClientRect()))";
        var before = await page.EvaluateAsync<string>(Places);
        var button = page.Locator(".ba-languages > button");
        var list = page.Locator(".ba-languages > ul");
        await button.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(list).ToBeVisibleAsync();
        Assert.Equal(before, await page.EvaluateAsync<string>(Places));
        Assert.Equal(8, await list.GetByRole(AriaRole.Link).CountAsync());
        var box = (await list.BoundingBoxAsync())!;
        var below = (await button.BoundingBoxAsync())!;
        Assert.True(box.X >= 0 && box.X + box.Width <= width && box.Y >= 0 && box.Y + box.Height <= below.Y + 1, $"The list is at {box.X}, {box.Y}.");
        Assert.Equal(below.X + (below.Width / 2), box.X + (box.Width / 2), 2.0);
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(list.GetByRole(AriaRole.Link).First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(list).ToBeHiddenAsync();
        await Assertions.Expect(button).ToBeFocusedAsync();
        Assert.Empty(await Axe.CheckAsync(page));
    }

    [Theory]
    [InlineData(415, true)]
    [InlineData(417, false)]
    public async Task BelowFourHundredAndSixteenPixelsTheCardIsTheSurface(int width, bool fills)
    {
        await using var person = await browser.OpenAsync(new() { ViewportSize = new() { Width = width, Height = 700 } });
        var page = await person.OpenTabAsync("/api/auth/preview/signin");
        Assert.Equal(fills ? "0px" : "1px", await Look.StyleAsync(page.Locator(".ba-card"), "borderTopWidth"));
        Assert.Equal(fills, await Look.StyleAsync(page.Locator(".ba-card"), "backgroundColor") == "rgba(0, 0, 0, 0)");
        Assert.Equal(fills, await Look.StyleAsync(page.Locator("body"), "backgroundColor") == "rgb(255, 255, 255)");
    }

    [Fact]
    public async Task JapaneseHeadingsBreakBetweenPhrasesAndBadgesHaveNoOutline()
    {
        await using var person = await browser.OpenAsync();
        var page = await person.OpenTabAsync("/api/auth/preview/error-cookieconflict?ui_locales=ja");
        var lines = await page.Locator("h1").EvaluateAsync<string[]>("""
            heading => {
              const [text, lines, range] = [heading.firstChild, [], document.createRange()];
              // Too narrow for the whole, whatever font this machine has for it.
              heading.style.whiteSpace = 'nowrap';
              range.selectNodeContents(heading);
              heading.style.width = `${range.getBoundingClientRect().width * 0.8}px`;
              heading.style.whiteSpace = '';
              for (let i = 0, top; i < text.length; i++) {
                range.setStart(text, i);
                range.setEnd(text, i + 1);
                const at = range.getBoundingClientRect().top;
                at === top ? lines.push(lines.pop() + text.data[i]) : lines.push(text.data[i]);
                top = at;
              }
              return lines;
            }
            """);
        Assert.Equal(["別のサイトが", "クッキーを設定しました"], lines);
        await page.GotoAsync("/api/auth/preview/sessions?ui_locales=ja");
        Assert.Equal("0px", await Look.StyleAsync(page.Locator(".ba-badge").First, "borderTopWidth"));
    }

    [Fact]
    public async Task InArabicEverythingIsTheOtherWayRound()
    {
        await using var person = await browser.OpenAsync();
        var page = await person.OpenTabAsync("/api/auth/preview/sessions?ui_locales=ar");
        var row = (await page.Locator(".ba-device").First.BoundingBoxAsync())!;
        var icon = (await page.Locator(".ba-device > svg").First.BoundingBoxAsync())!;
        var button = (await page.Locator(".ba-device > a").First.BoundingBoxAsync())!;
        Assert.Equal(row.X + row.Width, icon.X + icon.Width, 1.0);
        Assert.Equal(row.X, button.X, 1.0);
        Assert.Equal("matrix(-1, 0, 0, 1, 0, 0)", await (await person.OpenTabAsync("/api/auth/preview/account?ui_locales=ar")).Locator(".ba-flip").First.EvaluateAsync<string>("icon => getComputedStyle(icon).transform"));
    }

    [Fact]
    public async Task TimeIsCountedDownAndNothingCanBePressedUntilItIsOver()
    {
        await using var app = await AuthApp.StartAsync(setup => (setup.Kestrel, setup.Clock, setup.Options) = (true, TimeProvider.System, options => options.RateLimit.PermitLimit = 1));
        await using var person = await browser.OpenAsync(address: app.Address);
        await person.Browser.Clock.InstallAsync();
        var page = await person.OpenTabAsync("/api/auth/signin");
        await page.RunAndWaitForResponseAsync(() => person.PressAsync(page, "Continue with GitHub"), answer => answer.Url.Contains("/stand-ins/", StringComparison.Ordinal));
        page = await person.OpenTabAsync("/api/auth/signin");
        await person.PressAsync(page, "Continue with GitHub");
        await Person.SeesAsync(page, "Too many attempts");
        await Assertions.Expect(page.Locator("[data-ba-wait]")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^You can try again in [0-9]+ seconds?.$"));
        await Assertions.Expect(page.Locator(".ba-provider")).ToHaveAttributeAsync("aria-disabled", "true");
        await person.Browser.Clock.FastForwardAsync(61_000);
        await Assertions.Expect(page.Locator("[data-ba-wait]")).ToHaveTextAsync("You can try again now.");
        await Assertions.Expect(page.Locator("[data-ba-status]")).ToHaveTextAsync("You can try again now.");
        await Assertions.Expect(page.Locator(".ba-provider")).Not.ToHaveAttributeAsync("aria-disabled", "true");
    }

    [Fact]
    public async Task AfterAWrongPasswordTheNameIsThereThePasswordHasTheFocusAndCanBeShown()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            (setup.Kestrel, setup.Clock) = (true, TimeProvider.System);
            setup.Providers = builder => builder.AddCredentials("password", _ => ValueTask.FromResult(CredentialsResult.Refuse()));
        });
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await person.OpenTabAsync("/api/auth/signin");
        await page.GetByLabel("User name").FillAsync("ada@example.com");
        var password = page.GetByRole(AriaRole.Textbox, new() { Name = "Password" });
        await password.FillAsync("wrong");
        await person.PressAsync(page, "Sign in");

        await Assertions.Expect(password).ToBeFocusedAsync();
        await Assertions.Expect(password).ToHaveValueAsync("");
        await Assertions.Expect(password).ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex("Incorrect user name or password"));
        await Assertions.Expect(page.GetByLabel("User name")).ToHaveValueAsync("ada@example.com");
        await page.Keyboard.TypeAsync("right");
        var show = page.GetByRole(AriaRole.Button, new() { Name = "Show password" });
        await show.ClickAsync();
        Assert.Equal(("text", "true"), (await password.GetAttributeAsync("type"), await show.GetAttributeAsync("aria-pressed")));
        await show.ClickAsync();
        Assert.Equal("password", await password.GetAttributeAsync("type"));
        Assert.Empty(await Axe.CheckAsync(page));
        Assert.Empty(person.Complaints);
    }
}
