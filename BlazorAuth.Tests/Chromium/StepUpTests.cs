using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>A live page that asks for a recent sign-in, and one that shows what an administrator changed.</summary>
[Needs(Needs.Browser)]
public sealed class StepUpTests(RealBrowser browser)
{
    private static TimeSpan ReconcileInterval => new AuthSessionOptions().ReconcileInterval;

    [Fact]
    public async Task ALivePageAsksOnceMoreComesBackToTheSameSpotAndTheActionGoesThrough()
    {
        await using var app = RealApp.Start(new() { ["AUTH_SECRET"] = AuthApp.Secret });
        await using var desk = await browser.OpenAsync(address: app.Address);
        var page = await desk.SignInAsync("/?tab=2");
        await ForgetWhenTheyWereAskedAsync(desk);
        await page.ReloadAsync();

        await desk.PressAsync(page, "Reveal the secret");
        await Person.SeesAsync(page, "Confirm it’s you");
        await desk.PressAsync(page, "Continue with Google");
        await Person.ChooseAsync(page);
        await page.WaitForURLAsync("**/?tab=2");
        await desk.PressAsync(page, "Reveal the secret");

        await Assertions.Expect(page.GetByText("The secret is 42.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task APageKeepsWhatWasTypedWhenItsPersonConfirmsInAnotherTab()
    {
        await using var app = RealApp.Start(options: auth => auth.Session.ReconcileInterval = TimeSpan.FromHours(1), clock: RealApp.ClockAhead());
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await person.SignInAsync("/notes");
        await person.LiveAsync(page);
        await page.GetByLabel("New note").FillAsync("Half a thought");
        await page.EvaluateAsync(
            """
            () => {
              window.sameDocument = true;
              const ended = document.querySelector("[data-session-ended]");
              new MutationObserver(() => { window.wasCovered ||= !ended.hidden; }).observe(ended, { attributes: true });
            }
            """);
        app.Clock.Advance(TimeSpan.FromMinutes(20));
        var cookie = await person.SessionCookieAsync();
        var handover = page.WaitForResponseAsync("**/api/auth/session/handover");

        var other = await person.OpenTabAsync("/?tab=2");
        await person.PressAsync(other, "Reveal the secret");
        await person.PressAsync(other, "Continue with Google");
        await Person.ChooseAsync(other);
        await other.WaitForURLAsync("**/?tab=2");

        Assert.NotEqual(cookie, await person.SessionCookieAsync());
        await handover;
        await Assertions.Expect(page.Locator("[data-session-replaced]")).ToHaveCountAsync(0);
        app.Clock.Advance(TimeSpan.FromSeconds(31));
        await person.PressAsync(page, "Add");
        await Assertions.Expect(page.GetByText("Half a thought")).ToBeVisibleAsync();
        Assert.Equal((true, false), (await page.EvaluateAsync<bool>("window.sameDocument === true"), await page.EvaluateAsync<bool>("window.wasCovered === true")));
        Assert.Empty(person.Complaints);
    }

    [Fact]
    public async Task ARoleThatIsGivenOrTakenShowsWithoutAReload()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "auth.db");
        await using var app = RealApp.Start(new() { ["AUTH_STORE"] = "sqlite:" + file, ["AUTH_SECRET"] = AuthApp.Secret }, clock: RealApp.ClockAhead());
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await person.SignInAsync("/notes");
        await person.LiveAsync(page);
        await page.GetByLabel("New note").FillAsync("Still here");
        await person.PressAsync(page, "Add");
        await Assertions.Expect(page.GetByText("Still here")).ToBeVisibleAsync();
        var link = page.GetByRole(AriaRole.Link, new() { Name = "Admin", Exact = true });
        await Assertions.Expect(link).ToBeHiddenAsync();

        // Another process of this machine, as an administrator's tool is one.
        using var store = new SqliteSessionStore(file, app.Clock);
        var claims = Read(await person.SessionCookieAsync(), app.Clock);
        var (id, userId) = (claims["blazorauth.sid"]!.GetValue<string>(), claims["sub"]!.GetValue<string>());
        Assert.NotNull(await store.GrantAsync(id, userId, 1, "{\"name\":\"Ada\",\"roles\":[\"admin\"]}", AuthApp.Secret));
        app.Clock.Advance(ReconcileInterval);
        await Assertions.Expect(link).ToBeVisibleAsync();
        Assert.NotNull(await store.GrantAsync(id, userId, 2, "{\"name\":\"Ada\"}", AuthApp.Secret));
        app.Clock.Advance(ReconcileInterval);
        await Assertions.Expect(link).ToBeHiddenAsync();

        await Assertions.Expect(page.GetByText("Still here")).ToBeVisibleAsync();
    }

    private static async Task ForgetWhenTheyWereAskedAsync(Person person)
    {
        var cookie = (await person.Browser.CookiesAsync()).Single(cookie => cookie.Name == Person.ChunkedCookie);
        var claims = Read(cookie.Value, TimeProvider.System);
        Assert.True(claims.Remove(AuthClaims.AuthenticatedAt));
        var now = TimeProvider.System.GetUtcNow();
        await person.Browser.AddCookiesAsync([new Microsoft.Playwright.Cookie
        {
            Name = cookie.Name, Value = new SessionToken(new SessionKeyRing([AuthApp.Secret])).Write(claims, cookie.Name, now, now.AddDays(1)),
            Domain = cookie.Domain, Path = cookie.Path, HttpOnly = true, SameSite = SameSiteAttribute.Lax,
        }]);
    }

    private static JsonObject Read(string token, TimeProvider clock) =>
        JsonObject.Create(new SessionToken(new SessionKeyRing([AuthApp.Secret])).Read(token, Person.ChunkedCookie, clock.GetUtcNow()).Claims)!;
}
