using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>What open pages do when their session ends, changes or runs out: the real app, real circuits, a real browser.</summary>
[Needs(Needs.Browser)]
public sealed class LiveSessionTests(RealBrowser browser)
{
    [Fact]
    public async Task ARevokedTabIsCoveredAndTheSamePersonGoesOnWhereTheyWereInAPopUp()
    {
        await using var person = await browser.OpenAsync();
        var first = await person.SignInAsync("/notes");
        var second = await person.OpenTabAsync("/notes");
        await TypeAsync(person, second, "Half a thought");
        await second.EvaluateAsync("window.sameDocument = true");

        await person.SignOutAsync(first);
        await Assertions.Expect(second.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("You’re signed out");
        await Assertions.Expect(second.GetByLabel("New note")).ToHaveCountAsync(0);
        Assert.EndsWith("/notes", second.Url, StringComparison.Ordinal);

        var popUp = await second.RunAndWaitForPopupAsync(() => person.PressAsync(second, "Sign in again", AriaRole.Link));
        await person.PressAsync(popUp, "Continue with Google");
        await Person.ChooseInPopUpAsync(popUp);
        await Assertions.Expect(second.GetByLabel("New note")).ToHaveValueAsync("Half a thought");
        await Assertions.Expect(second.GetByRole(AriaRole.Alertdialog)).ToBeHiddenAsync();
        await Assertions.Expect(second.Locator("[inert]")).ToHaveCountAsync(0);
        Assert.True(await second.EvaluateAsync<bool>("window.sameDocument === true"));
        await person.PressAsync(second, "Add");
        await Assertions.Expect(second.GetByText("Half a thought")).ToBeVisibleAsync();
        Assert.Empty(person.Complaints);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BehindTheCoverNothingCanBeReached(bool isLive)
    {
        await using var person = await browser.OpenAsync();
        var first = await person.SignInAsync("/notes");
        if (!isLive)
        {
            await person.Browser.RouteAsync("**/_framework/blazor.web.js", route => route.FulfillAsync(new() { ContentType = "text/javascript", Body = "" }));
        }

        var second = await person.OpenTabAsync("/notes");
        await Assertions.Expect(second.Locator("[data-session-circuit]")).ToHaveCountAsync(isLive ? 1 : 0);
        await second.EvaluateAsync("document.body.appendChild(Object.assign(document.createElement('dialog'), { id: 'own', textContent: 'private' })).showModal()");
        await person.SignOutAsync(first);
        await Assertions.Expect(second.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("You’re signed out");
        await Assertions.Expect(second.GetByRole(AriaRole.Link, new() { Name = "Sign in again" })).ToBeFocusedAsync();
        for (var presses = 0; presses < 10; presses++)
        {
            await second.Keyboard.PressAsync("Tab");
            Assert.Equal("", await second.EvaluateAsync<string>(
                "document.activeElement.closest('[data-session-ended]') || document.activeElement === document.body ? '' : document.activeElement.outerHTML"));
        }

        await Assertions.Expect(second.Locator("#own")).ToBeHiddenAsync();
        Assert.Equal(0, await second.EvaluateAsync<int>("[...document.querySelectorAll('main, nav')].filter(part => !part.closest('[inert]')).length"));
    }

    [Fact]
    public async Task AnotherPersonDoesNotGetThePageOfTheFirst()
    {
        await using var person = await browser.OpenAsync();
        var first = await person.SignInAsync("/notes");
        var second = await person.OpenTabAsync("/notes");
        await TypeAsync(person, second, "Only for Ada");
        await second.EvaluateAsync("window.sameDocument = true");
        await person.SignOutAsync(first);
        await Assertions.Expect(second.GetByRole(AriaRole.Alertdialog)).ToBeVisibleAsync();

        await person.PressAsync(first, "Continue with GitHub");
        await Person.ChooseAsync(first, "Grace Hopper");

        await Assertions.Expect(second.GetByLabel("New note")).ToHaveValueAsync("");
        Assert.False(await second.EvaluateAsync<bool>("window.sameDocument === true"));
    }

    [Fact]
    public async Task ARevokedSessionIsNotBroughtBackByAReload()
    {
        // Everybody is Ada: in the app of all tests, the other device may be another test's.
        await using var app = RealApp.Start();
        await using var phone = await browser.OpenAsync(address: app.Address);
        await using var desk = await browser.OpenAsync(address: app.Address);
        var page = await phone.SignInAsync("/notes");
        var devices = await desk.SignInAsync("/api/auth/sessions");
        await devices.Locator(".ba-device summary").First.ClickAsync();
        await devices.Locator(".ba-device form button:visible").ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Person.SeesAsync(page, "Sign in to BlazorAuth Notes");
        await page.GotoAsync("/");
        await Person.SeesAsync(page, "You’re running BlazorAuth.");
    }

    [Fact]
    public async Task TabsOfBothNextAuthClientsAreToldAndHeard()
    {
        // Playwright waits for a condition with eval, which the policy of the page in the second tab forbids.
        await using var person = await browser.OpenAsync(new() { BypassCSP = true });
        var page = await person.SignInAsync("/");
        var react = await person.OpenTabAsync("/api/auth/error");
        await react.EvaluateAsync(
            """
            () => {
              window.heard = [];
              new BroadcastChannel("next-auth").addEventListener("message", ({ data }) => heard.push("5 " + data.event + " " + data.data.trigger));
              addEventListener("storage", ({ key, newValue }) => {
                if (key === "nextauth.message") { const { event, data } = JSON.parse(newValue); heard.push("4 " + event + " " + data.trigger); }
              });
            }
            """);
        await person.SignOutAsync(page);
        await Person.SeesAsync(page, "You’re running BlazorAuth.");
        await react.WaitForFunctionAsync("heard.includes('5 session signout') && heard.includes('4 session signout')");

        await person.PressAsync(page, "Continue with Google");
        await Person.ChooseAsync(page);
        await react.WaitForFunctionAsync("heard.includes('5 session getSession') && heard.includes('4 session getSession')");

        // A React tab signs out by itself and tells the others the way its version does.
        var asked = page.WaitForRequestAsync("**/api/auth/session");
        await react.EvaluateAsync("new BroadcastChannel('next-auth').postMessage({ event: 'session', data: { trigger: 'getSession' } })");
        await asked;
        asked = page.WaitForRequestAsync("**/api/auth/session");
        await react.EvaluateAsync("localStorage.setItem('nextauth.message', JSON.stringify({ event: 'session', data: { trigger: 'getSession' }, timestamp: 1 }))");
        await asked;
    }

    [Fact]
    public async Task BeforeTheEndAPersonIsWarnedStaysSignedInAndLosesNothing()
    {
        await using var app = StartShortLived(Steps(20));
        await using var person = await browser.OpenInStepAsync(app);
        var page = await person.SignInAsync("/notes");
        await TypeAsync(person, page, "Not yet added");
        var stay = page.GetByRole(AriaRole.Button, new() { Name = "Stay signed in" });
        await Assertions.Expect(stay).ToBeHiddenAsync();
        await app.AdvanceAsync(person, Steps(16));
        await Assertions.Expect(stay).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sign in again" })).ToBeHiddenAsync();
        var cookie = await person.SessionCookieAsync();
        await page.RunAndWaitForResponseAsync(() => stay.ClickAsync(), answer => answer.Url.EndsWith("/api/auth/session", StringComparison.Ordinal) && answer.Request.Method == "POST");

        await Assertions.Expect(page.GetByLabel("New note")).ToHaveValueAsync("Not yet added");
        Assert.NotEqual(cookie, await person.SessionCookieAsync());
        await Assertions.Expect(stay).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("[data-session-expiring]")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task APageThatIsMerelyOpenIsWarnedAndDoesNotKeepItselfSignedIn()
    {
        await using var app = StartShortLived(Steps(12));
        await using var person = await browser.OpenInStepAsync(app);
        var page = await person.SignInAsync("/notes");
        await person.LiveAsync(page);
        var cookie = await person.SessionCookieAsync();

        await app.AdvanceAsync(person, Steps(10));
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Stay signed in" })).ToBeVisibleAsync();
        Assert.Equal(cookie, await person.SessionCookieAsync());
        await app.AdvanceAsync(person, Steps(2));
        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("Your session ended");
    }

    [Fact]
    public async Task WhoWorksIsNotWarnedAndStaysSignedIn()
    {
        await using var app = StartShortLived(Steps(16));
        await using var person = await browser.OpenInStepAsync(app);
        var page = await person.SignInAsync("/notes");
        await TypeAsync(person, page, "");
        var cookie = await person.SessionCookieAsync();

        // Longer than the session would last by itself.
        for (var word = 0; word < 5; word++)
        {
            await page.GetByLabel("New note").PressSequentiallyAsync("word ");
            await page.RunAndWaitForResponseAsync(
                () => app.AdvanceAsync(person, Steps(4)),
                answer => answer.Url.EndsWith("/api/auth/session", StringComparison.Ordinal) && !answer.Request.Headers.ContainsKey("x-auth-passive"));
        }

        Assert.NotEqual(cookie, await person.SessionCookieAsync());
        await Assertions.Expect(page.Locator("[data-session-expiring]")).ToBeHiddenAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task AtTheEndOfItsLongestLifeOnlyANewSignInGoesOn()
    {
        await using var app = StartShortLived(Steps(16), longest: Steps(16));
        await using var person = await browser.OpenInStepAsync(app);
        var page = await person.SignInAsync("/notes");
        await TypeAsync(person, page, "Not yet added");
        await app.AdvanceAsync(person, Steps(13));
        await person.PressAsync(page, "Stay signed in");

        var popUp = await page.RunAndWaitForPopupAsync(() => person.PressAsync(page, "Sign in again", AriaRole.Link));
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Stay signed in" })).ToBeHiddenAsync();
        await person.PressAsync(popUp, "Continue with Google");
        await Person.ChooseInPopUpAsync(popUp);

        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToBeHiddenAsync();
        await Assertions.Expect(page.GetByLabel("New note")).ToHaveValueAsync("Not yet added");
    }

    [Fact]
    public async Task ASessionThatRunsOutCoversThePageByItself()
    {
        await using var app = StartShortLived(Steps(8));
        await using var person = await browser.OpenInStepAsync(app);
        var page = await person.SignInAsync("/notes");
        await person.LiveAsync(page);

        await app.AdvanceAsync(person, Steps(8));
        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("Your session ended");
        await Assertions.Expect(page.GetByLabel("New note")).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Person.SeesAsync(page, "Sign in to BlazorAuth Notes");
    }

    // The browser's clock goes on between the leaps, which a slow machine has to keep up with; and a leap of half a minute would end the circuit's connection.
    private static TimeSpan Steps(int count) => TimeSpan.FromSeconds(1.75 * count);

    private static RealApp StartShortLived(TimeSpan lifetime, TimeSpan? longest = null) => RealApp.Start(
        new()
        {
            ["AUTH_SESSION_IDLE_LIFETIME"] = lifetime.ToString(),
            ["AUTH_SESSION_UPDATE_AGE"] = (lifetime / 2).ToString(),
            ["AUTH_SESSION_ABSOLUTE_LIFETIME"] = longest?.ToString(),
        },
        // No upkeep comes between: a leap in time would let it remove the session before the page is told that it expired.
        auth => auth.Session.ReconcileInterval = TimeSpan.FromHours(1),
        RealApp.ClockAhead());

    private static async Task TypeAsync(Person person, IPage page, string text)
    {
        await person.LiveAsync(page);
        await page.GetByLabel("New note").FillAsync(text);
        await page.GetByLabel("New note").BlurAsync();
    }
}
