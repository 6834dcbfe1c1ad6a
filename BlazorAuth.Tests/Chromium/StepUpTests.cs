using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>A live page that asks for a recent sign-in, and one that shows what an administrator changed.</summary>
[Collection(BrowserTests.Name)]
public sealed class StepUpTests(BrowserFixture browser)
{
    private const string Cookie = "authjs.session-token";
    private const string Secret = "a-secret-of-the-tests-that-is-long-enough";

    [Fact]
    public async Task ALivePageAsksOnceMoreComesBackToTheSameSpotAndTheActionGoesThrough()
    {
        await using var app = await RealApp.StartAsync(new Dictionary<string, string?> { ["AUTH_SECRET"] = Secret });
        await using var phone = await browser.OpenAsync(address: app.Address);
        var other = await SignInAsync(phone, "/notes");
        await using var desk = await browser.OpenAsync(address: app.Address);
        var page = await SignInAsync(desk, "/devices?tab=2");
        await ForgetWhenTheyWereAskedAsync(desk);
        await page.ReloadAsync();

        await Person.PressAsync(page, "Sign out everywhere else");
        await Person.SeesAsync(page, "Confirm that it is you");
        await Person.PressAsync(page, "Continue with Google");
        await Person.ChooseAsync(page);
        await page.WaitForURLAsync("**/devices?tab=2");
        await Person.PressAsync(page, "Sign out everywhere else");

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("You are signed in here only.");
        await Assertions.Expect(other.GetByRole(AriaRole.Alertdialog)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task ARoleThatIsGivenOrTakenShowsWithoutAReload()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "auth.db");
        await using var app = await RealApp.StartAsync(new Dictionary<string, string?> { ["AUTH_STORE"] = "sqlite:" + file, ["AUTH_SECRET"] = Secret });
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await SignInAsync(person, "/");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Clicked 0 times" })).ToBeEnabledAsync();
        await Person.PressAsync(page, "Clicked 0 times");
        var note = page.GetByText("You are an administrator.");
        await Assertions.Expect(note).ToBeHiddenAsync();

        // Another process of this machine, as an administrator's tool is one.
        using var store = new SqliteSessionStore(file, TimeProvider.System);
        var ticket = Read((await person.SessionCookieAsync())!);
        var id = ticket["blazorauth.sid"]!.GetValue<string>();
        Assert.Equal(2, await store.UpdateClaimsAsync(id, 1, "{\"name\":\"Ada\",\"roles\":[\"admin\"]}", TestContext.Current.CancellationToken));
        await Assertions.Expect(note).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await store.UpdateClaimsAsync(id, 2, "{\"name\":\"Ada\"}", TestContext.Current.CancellationToken);
        await Assertions.Expect(note).ToBeHiddenAsync(new() { Timeout = 20_000 });

        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Clicked 1 times" })).ToBeVisibleAsync();
    }

    private static async Task ForgetWhenTheyWereAskedAsync(Person person)
    {
        var cookie = (await person.Browser.CookiesAsync()).Single(cookie => cookie.Name == Cookie);
        var claims = Read(cookie.Value);
        Assert.True(claims.Remove(AuthClaims.AuthenticatedAt));
        var now = TimeProvider.System.GetUtcNow();
        await person.Browser.AddCookiesAsync([new Microsoft.Playwright.Cookie
        {
            Name = Cookie, Value = new SessionToken(new SessionKeyRing([Secret])).Write(claims, Cookie, now, now.AddDays(1)),
            Domain = cookie.Domain, Path = cookie.Path, HttpOnly = true, SameSite = SameSiteAttribute.Lax,
        }]);
    }

    private static JsonObject Read(string token) =>
        JsonObject.Create(new SessionToken(new SessionKeyRing([Secret])).Read(token, Cookie, TimeProvider.System.GetUtcNow()).Claims)!;

    private static async Task<IPage> SignInAsync(Person person, string path)
    {
        var page = await person.OpenTabAsync("/api/auth/signin/google?callbackUrl=" + Uri.EscapeDataString(path));
        await Person.PressAsync(page, "Continue with Google");
        await Person.ChooseAsync(page);
        await page.WaitForURLAsync("**" + path);
        return page;
    }
}
