using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>What open pages do when their session ends, changes or runs out: the real app, real circuits, a real browser.</summary>
[Collection(BrowserTests.Name)]
public sealed class LiveSessionTests(BrowserFixture browser)
{
    [Fact]
    public async Task ARevokedTabIsCoveredAndTheSamePersonGoesOnWhereTheyWereInAPopUp()
    {
        await using var person = await browser.OpenAsync();
        var first = await SignInAsync(person, "/notes");
        var second = await person.OpenTabAsync("/notes");
        await Type(second, "Half a thought");
        await second.EvaluateAsync("window.sameDocument = true");

        await Person.SignOutAsync(first);
        await Assertions.Expect(second.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("You are signed out");
        await Assertions.Expect(second.GetByLabel("New note")).ToHaveCountAsync(0);
        Assert.EndsWith("/notes", second.Url, StringComparison.Ordinal);

        var popUp = await second.RunAndWaitForPopupAsync(() => second.GetByRole(AriaRole.Link, new() { Name = "Sign in again" }).ClickAsync());
        await Person.PressAsync(popUp, "Continue with Google");
        await Person.ChooseAsync(popUp);
        await Assertions.Expect(second.GetByLabel("New note")).ToHaveValueAsync("Half a thought");
        await Assertions.Expect(second.GetByRole(AriaRole.Alertdialog)).ToBeHiddenAsync();
        await Assertions.Expect(second.Locator("[inert]")).ToHaveCountAsync(0);
        Assert.True(await second.EvaluateAsync<bool>("window.sameDocument === true"));
        await Person.PressAsync(second, "Add");
        await Assertions.Expect(second.GetByText("Half a thought")).ToBeVisibleAsync();
        Assert.Empty(person.Complaints);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BehindTheCoverNothingCanBeReached(bool isLive)
    {
        await using var person = await browser.OpenAsync();
        var first = await SignInAsync(person, "/notes");
        if (!isLive)
        {
            await person.Browser.RouteAsync("**/_framework/blazor.web.js", route => route.FulfillAsync(new() { ContentType = "text/javascript", Body = "" }));
        }

        var second = await person.OpenTabAsync("/notes");
        await Assertions.Expect(second.Locator("[data-session-circuit]")).ToHaveCountAsync(isLive ? 1 : 0);
        await second.EvaluateAsync("document.body.appendChild(Object.assign(document.createElement('dialog'), { id: 'own', textContent: 'private' })).showModal()");
        await Person.SignOutAsync(first);
        await Assertions.Expect(second.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("You are signed out");
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
        var first = await SignInAsync(person, "/notes");
        var second = await person.OpenTabAsync("/notes");
        await Type(second, "Only for Ada");
        await second.EvaluateAsync("window.sameDocument = true");
        await Person.SignOutAsync(first);
        await Assertions.Expect(second.GetByRole(AriaRole.Alertdialog)).ToBeVisibleAsync();

        await Person.PressAsync(first, "Continue with GitHub");
        await Person.ChooseAsync(first, "Grace Hopper");

        await Assertions.Expect(second.GetByLabel("New note")).ToHaveValueAsync("");
        Assert.False(await second.EvaluateAsync<bool>("window.sameDocument === true"));
    }

    [Fact]
    public async Task ARevokedSessionIsNotBroughtBackByAReload()
    {
        await using var phone = await browser.OpenAsync();
        await using var desk = await browser.OpenAsync();
        var page = await SignInAsync(phone, "/notes");
        var devices = await SignInAsync(desk, "/devices");
        await devices.Locator("ul.devices li").Filter(new() { HasNotText = "This device" }).First.GetByRole(AriaRole.Button).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Person.SeesAsync(page, "Sign in to BlazorAuth Notes");
        await page.GotoAsync("/");
        await Person.SeesAsync(page, "Sign in to keep notes");
    }

    [Fact]
    public async Task TabsOfBothNextAuthClientsAreToldAndHeard()
    {
        // Playwright waits for a condition with eval, which the policy of the page in the second tab forbids.
        await using var person = await browser.OpenAsync(new() { BypassCSP = true });
        var page = await SignInAsync(person, "/");
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
        await Person.SignOutAsync(page);
        await Person.SeesAsync(page, "Sign in to keep notes");
        await react.WaitForFunctionAsync("heard.includes('5 session signout') && heard.includes('4 session signout')");

        await Person.PressAsync(page, "Continue with Google");
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
        await using var app = await ShortLivedAsync(TimeSpan.FromSeconds(20));
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await SignInAsync(person, "/notes");
        await Type(page, "Not yet added");
        var stay = page.GetByRole(AriaRole.Button, new() { Name = "Stay signed in" });
        await Assertions.Expect(stay).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sign in again" })).ToBeHiddenAsync();
        var cookie = await person.SessionCookieAsync();
        await page.RunAndWaitForResponseAsync(() => stay.ClickAsync(), answer => answer.Url.EndsWith("/api/auth/session", StringComparison.Ordinal) && answer.Request.Method == "POST");

        await Assertions.Expect(page.GetByLabel("New note")).ToHaveValueAsync("Not yet added");
        Assert.NotEqual(cookie, await person.SessionCookieAsync());
        await Assertions.Expect(stay).ToBeHiddenAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToBeHiddenAsync();
    }

    [Fact]
    public async Task APageThatIsMerelyOpenIsWarnedAndDoesNotKeepItselfSignedIn()
    {
        await using var app = await ShortLivedAsync(TimeSpan.FromSeconds(12));
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await SignInAsync(person, "/notes");
        var cookie = await person.SessionCookieAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Stay signed in" })).ToBeVisibleAsync(new() { Timeout = 15_000 });
        Assert.Equal(cookie, await person.SessionCookieAsync());
        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("Your session has ended", new() { Timeout = 15_000 });
    }

    [Fact]
    public async Task WhoWorksIsNotWarnedAndStaysSignedIn()
    {
        await using var app = await ShortLivedAsync(TimeSpan.FromSeconds(12));
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await SignInAsync(person, "/notes");
        await Type(page, "");
        var cookie = await person.SessionCookieAsync();

        for (var word = 0; word < 4; word++)
        {
            await page.RunAndWaitForResponseAsync(
                () => page.GetByLabel("New note").PressSequentiallyAsync("word "),
                answer => answer.Url.EndsWith("/api/auth/session", StringComparison.Ordinal) && !answer.Request.Headers.ContainsKey("x-auth-passive"));
        }

        Assert.NotEqual(cookie, await person.SessionCookieAsync());
        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task AtTheEndOfItsLongestLifeOnlyANewSignInGoesOn()
    {
        await using var app = await RealApp.StartAsync(new Dictionary<string, string?>
        {
            ["AUTH_SESSION_IDLE_LIFETIME"] = "00:00:16", ["AUTH_SESSION_UPDATE_AGE"] = "00:00:08", ["AUTH_SESSION_ABSOLUTE_LIFETIME"] = "00:00:16",
        });
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await SignInAsync(person, "/notes");
        await Type(page, "Not yet added");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stay signed in" }).ClickAsync(new() { Timeout = 20_000 });

        var popUp = await page.RunAndWaitForPopupAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Sign in again" }).ClickAsync());
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Stay signed in" })).ToBeHiddenAsync();
        await Person.PressAsync(popUp, "Continue with Google");
        await Person.ChooseAsync(popUp);

        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToBeHiddenAsync();
        await Assertions.Expect(page.GetByLabel("New note")).ToHaveValueAsync("Not yet added");
    }

    [Fact]
    public async Task ASessionThatRunsOutCoversThePageByItself()
    {
        await using var app = await ShortLivedAsync(TimeSpan.FromSeconds(8));
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await SignInAsync(person, "/notes");

        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("Your session has ended", new() { Timeout = 20_000 });
        await Assertions.Expect(page.GetByLabel("New note")).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Person.SeesAsync(page, "Sign in to BlazorAuth Notes");
    }

    private static Task<RealApp> ShortLivedAsync(TimeSpan lifetime) => RealApp.StartAsync(new Dictionary<string, string?>
    {
        ["AUTH_SESSION_IDLE_LIFETIME"] = lifetime.ToString(),
        ["AUTH_SESSION_UPDATE_AGE"] = (lifetime / 2).ToString(),
    });

    private static async Task<IPage> SignInAsync(Person person, string path)
    {
        var page = await person.OpenTabAsync("/api/auth/signin/google?callbackUrl=" + Uri.EscapeDataString(path));
        await Person.PressAsync(page, "Continue with Google");
        await Person.ChooseAsync(page);
        await page.WaitForURLAsync("**" + path);
        return page;
    }

    // What is typed before the circuit listens is lost to it.
    private static async Task Type(IPage page, string text)
    {
        await page.WaitForFunctionAsync("document.querySelector('[data-session-circuit]')");
        await page.GetByLabel("New note").FillAsync(text);
        await page.GetByLabel("New note").BlurAsync();
    }
}
