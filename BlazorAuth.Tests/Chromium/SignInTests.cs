using System.Text.RegularExpressions;
using BlazorAuth.Tests.StandIns;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>The whole way, as a person goes it: the real app, a real browser, the real handlers against the stand-ins.</summary>
[Needs(Needs.Browser)]
public sealed partial class SignInTests(RealBrowser browser, SignInTests.App built) : IClassFixture<SignInTests.App>
{
    // With each provider another person: whoever has one account is asked before a second one is connected.
    [Theory]
    [InlineData("Google", "Ada Lovelace", "ada@example.com")]
    [InlineData("GitHub", "Grace Hopper", "grace@example.com")]
    [InlineData("OpenID Connect", "Alan Turing", "alan@example.com")]
    public async Task APersonSignsInSeesWhoTheyAreOnALivePageAndSignsOut(string name, string who, string email)
    {
        await using var person = await browser.OpenAsync(address: built.Address);
        var page = await person.OpenTabAsync("/");
        await Person.SeesAsync(page, "You’re running BlazorAuth.");
        await person.PressAsync(page, "Continue with " + name);
        await Person.ChooseAsync(page, who);
        await Person.SeesAsync(page, "Hello, " + who);
        await Assertions.Expect(page.Locator("dl.facts")).ToContainTextAsync(email + " (verified)");
        await Assertions.Expect(page.Locator("dl.facts")).ToContainTextAsync(name);

        await person.PressAsync(page, "Make me an admin");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Admin", Exact = true })).ToBeVisibleAsync();

        var cookie = await person.SessionCookieAsync();
        Assert.Contains(who, await ReadSessionAsync(cookie), StringComparison.Ordinal);
        await person.SignOutAsync(page);
        await Person.SeesAsync(page, "You’re running BlazorAuth.");
        Assert.DoesNotContain(await person.Browser.CookiesAsync(), kept => kept.Name.StartsWith("authjs.session-token", StringComparison.Ordinal));
        Assert.Equal("null", await ReadSessionAsync(cookie));
        Assert.Empty(person.Complaints);
    }

    [Fact]
    public async Task SigningInAndOutNeedsNoScript()
    {
        await using var person = await browser.OpenAsync(new() { JavaScriptEnabled = false }, built.Address);
        var page = await person.OpenTabAsync("/api/auth/signin?callbackUrl=/");
        await person.PressAsync(page, "Continue with GitHub");
        await Person.ChooseAsync(page, "Grace Hopper");
        await Person.SeesAsync(page, "Hello, Grace Hopper");
        await person.SignOutAsync(page);
        await Person.SeesAsync(page, "You’re running BlazorAuth.");

        await person.PressAsync(page, "Continue with Google");
        await Person.ChooseAsync(page);
        await page.GotoAsync("/api/auth/signout?callbackUrl=/");
        await Person.SeesAsync(page, "Sign out of BlazorAuth Notes?");
        await person.PressAsync(page, "Sign out");
        await Person.SeesAsync(page, "You’re signed out");
        await person.PressAsync(page, "Go to BlazorAuth Notes", AriaRole.Link);
        await Person.SeesAsync(page, "You’re running BlazorAuth.");
    }

    [Fact]
    public async Task SigningOutInOneTabSignsTheOtherTabOutWithoutAReload()
    {
        await using var person = await browser.OpenAsync(address: built.Address);
        var first = await SignInAsync(person);
        var second = await person.OpenTabAsync("/");
        await person.PressAsync(second, "Reveal the secret");
        await Assertions.Expect(second.GetByText("The secret is 42.")).ToBeVisibleAsync();
        await second.EvaluateAsync("window.sameDocument = true");

        await person.SignOutAsync(first);
        await Person.SeesAsync(second, "You’re running BlazorAuth.");
        Assert.True(await second.EvaluateAsync<bool>("window.sameDocument === true"));
    }

    [Fact]
    public async Task ACancelledConsentIsTakenCalmlyAndTheRetryArrivesWhereItWasGoing()
    {
        await using var person = await browser.OpenAsync(address: built.Address);
        var page = await person.OpenTabAsync("/notes?tag=shopping");
        await Person.SeesAsync(page, "Sign in to BlazorAuth Notes");
        await person.PressAsync(page, "Continue with GitHub");
        await person.PressAsync(page, "Cancel: deny access");
        var alert = page.GetByRole(AriaRole.Alert);
        await Assertions.Expect(alert).ToContainTextAsync("Sign-in cancelled");
        await Assertions.Expect(alert).ToHaveClassAsync(Calm());
        await Assertions.Expect(alert).ToBeFocusedAsync();

        await person.PressAsync(page, "Try GitHub again");
        await Person.ChooseAsync(page, "Grace Hopper");
        await Person.SeesAsync(page, "Your notes");
        Assert.EndsWith("/notes?tag=shopping", page.Url, StringComparison.Ordinal);
        Assert.Empty(person.Complaints);
    }

    [Fact]
    public async Task APlainLinkOnALivePageLeadsToTheSignInPageAndBack()
    {
        await using var person = await browser.OpenAsync(address: built.Address);
        var page = await person.OpenTabAsync("/");
        await person.PressAsync(page, "the sign-in page", AriaRole.Link);
        await Person.SeesAsync(page, "Sign in to BlazorAuth Notes");
        await person.PressAsync(page, "Continue with OpenID Connect");
        await Person.ChooseAsync(page, "Alan Turing");
        await Person.SeesAsync(page, "Hello, Alan Turing");
        Assert.Empty(person.Complaints);
    }

    [Fact]
    public async Task AProviderOnAnotherSiteIsReachedUnderOurContentSecurityPolicy()
    {
        await using var provider = await StandInApp.StartProviderAsync();
        var elsewhere = new UriBuilder(provider.Address) { Host = "127.0.0.1" }.Uri;
        await using var app = RealApp.Start(new()
        {
            ["AUTH_OIDC_ISSUER"] = new Uri(elsewhere, "stand-ins/oidc").AbsoluteUri,
            ["AUTH_OIDC_ID"] = "stand-in",
            ["AUTH_OIDC_SECRET"] = "stand-in-secret",
            ["AUTH_OIDC_NAME"] = "Example Corp",
        });
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await person.OpenTabAsync("/api/auth/signin?callbackUrl=/notes");
        await person.PressAsync(page, "Continue with Example Corp");
        await page.WaitForURLAsync(address => new Uri(address).Authority == elsewhere.Authority);
        await Person.ChooseAsync(page, "Alan Turing");
        await Person.SeesAsync(page, "Your notes");
        Assert.Equal(app.Address.Authority, new Uri(page.Url).Authority);
        Assert.Empty(person.Complaints);
    }

    /// <summary>The app as it was built, for all tests of the class.</summary>
    public sealed class App : IAsyncLifetime
    {
        private BuiltApp? _built;

        internal Uri Address => _built!.Address;

        public async ValueTask InitializeAsync() => _built = await BuiltApp.StartAsync();

        public ValueTask DisposeAsync() => _built?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    [GeneratedRegex("ba-calm")]
    private static partial Regex Calm();

    private static async Task<IPage> SignInAsync(Person person)
    {
        var page = await person.OpenTabAsync("/");
        await person.PressAsync(page, "Continue with Google");
        await Person.ChooseAsync(page);
        await Person.SeesAsync(page, "Hello, Ada Lovelace");
        return page;
    }

    private async Task<string> ReadSessionAsync(string cookie)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(built.Address, "api/auth/session"));
        request.Headers.Add("Cookie", "authjs.session-token=" + cookie);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
