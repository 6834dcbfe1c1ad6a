using BlazorAuth.Tests.Chromium;
using BlazorAuth.Tests.Delivery;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Identity;

/// <summary>The app of <c>dotnet new blazor --auth Individual</c> with BlazorAuth beside it: every page pressed, in both orders of the calls.</summary>
[Collection(DeliveryTests.Name)]
[Needs(Needs.Build)]
public sealed class IdentityTemplateTests(IdentityTemplateApp template, RealBrowser chromium) : IClassFixture<IdentityTemplateApp>
{
    private const string Password = "Correct-Horse-7";
    private const string NewPassword = "Battery-Staple-8";

    [Theory]
    [InlineData(true, "alan")]
    [InlineData(false, "ada")]
    public async Task EveryPageOfTheTemplateWorks(bool isFirst, string person)
    {
        await using var app = template.Start(isFirst);
        var address = await app.ListenAsync();
        var email = $"ada-{(isFirst ? "first" : "last")}@example.com";
        using var browser = Open(address);
        await RegisterAsync(browser, email);

        // Log in, not remembered: the cookie ends with the browser. A page that needs a session sends to Identity's own page, and leads back.
        var page = await browser.OpenAsync("/auth");
        Assert.Equal("/Account/Login", page.Address.AbsolutePath);
        page = await LogInAsync(browser, page, email, Password);
        Assert.Equal("/auth", page.Address.AbsolutePath);
        Assert.Contains("Hello " + email, page.Text, StringComparison.Ordinal);
        Assert.Null(browser.Cookies.Find(AuthApp.SessionCookie)!.Expires);
        Assert.Equal(email, await browser.NameAsync());

        // Log out: nothing is left of it.
        await browser.PressAsync(page, "form[action='Account/Logout'] button");
        Assert.Equal("null", await browser.SessionAsync());

        // Remembered.
        await LogInAsync(browser, await browser.OpenAsync("/Account/Login"), email, Password, ("Input.RememberMe", "True"));
        Assert.NotNull(browser.Cookies.Find(AuthApp.SessionCookie)!.Expires);

        await ChangePasswordAsync(address, browser, email);
        await LinkAsync(browser, person);
        await UseSecondFactorAsync(address, browser, email);
        await OpenTheRestAsync(browser, email);
        Assert.DoesNotContain("warn: BlazorAuth", app.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail: ", app.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SomebodyComesWithAnAccountOnIdentitysPagesAndRegisters()
    {
        await using var app = template.Start(isFirst: false);
        var address = await app.ListenAsync();
        using var browser = Open(address);
        var page = await ExternalAsync(browser, "Google", "grace");
        Assert.Equal("/Account/ExternalLogin", page.Address.AbsolutePath);
        Assert.Equal("null", await browser.SessionAsync());
        page = await browser.PressAsync(page, "form[method=post] button[type=submit].w-100");
        page = await browser.OpenAsync(page.Document.QuerySelector("a[href*=ConfirmEmail]")!.GetAttribute("href")!);
        Assert.Contains("Thank you", page.Text, StringComparison.Ordinal);

        // The second time they are signed in at once: on Identity's page, and on ours.
        page = await ExternalAsync(browser, "Google", "grace");
        Assert.Equal("grace@example.com", await browser.NameAsync());
        using var other = Open(address);
        Assert.Equal("/auth", (await other.SignInAsync("google", "grace", "/auth")).Address.AbsolutePath);
        Assert.Equal(await UserIdAsync(browser), await UserIdAsync(other));
    }

    // The line of docs/identity.md in the folder's _Imports.razor: where a password does not count as a recent sign-in, no page of it opens after one.
    [Fact]
    public async Task ThePagesThatChangeTheAccountAskForARecentSignIn()
    {
        await using var app = template.Start(isFirst: false, freshProviders: "google");
        var address = await app.ListenAsync();
        using var browser = Open(address);
        await RegisterAsync(browser, "kim@example.com");
        await LogInAsync(browser, await browser.OpenAsync("/Account/Login"), "kim@example.com", Password);
        Assert.Equal("kim@example.com", await browser.NameAsync());
        foreach (var path in (string[])["", "/Email", "/SetPassword", "/ResetAuthenticator", "/GenerateRecoveryCodes", "/DeletePersonalData", "/ExternalLogins", "/Passkeys"])
        {
            Assert.StartsWith("/api/auth/signin/google?fresh=true", (await browser.GetAsync("/Account/Manage" + path)).Location!.PathAndQuery, StringComparison.Ordinal);
        }

        // What is no page: the first hands out the key of the authenticator.
        foreach (var path in (string[])["/DownloadPersonalData", "/LinkExternalLogin"])
        {
            var answer = await browser.PostAsync("/Account/Manage" + path, [new("provider", "Google")]);
            Assert.StartsWith("/api/auth/signin/google?fresh=true", answer.Location!.PathAndQuery, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Needs(Needs.Browser)]
    public async Task AnOpenPageIsCoveredWhenThePasswordChangesElsewhere()
    {
        await using var app = template.Start(isFirst: false);
        var address = await app.ListenAsync();
        using var elsewhere = Open(address);
        await RegisterAsync(elsewhere, "alan@example.com");
        await LogInAsync(elsewhere, await elsewhere.OpenAsync("/Account/Login"), "alan@example.com", Password);

        await using var person = await chromium.OpenAsync(address: address);
        var page = await person.OpenTabAsync("/Account/Login?ReturnUrl=%2Fcounter");
        await person.LiveAsync(page);
        await page.GetByLabel("Email").FillAsync("alan@example.com");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await person.PressAsync(page, "Log in");
        await page.WaitForURLAsync("**/counter");
        await person.LiveAsync(page);
        await elsewhere.PressAsync(
            await elsewhere.OpenAsync("/Account/Manage/ChangePassword"), "form button[type=submit].w-100",
            ("Input.OldPassword", Password), ("Input.NewPassword", NewPassword), ("Input.ConfirmPassword", NewPassword));
        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("You’re signed out");
    }

    private static async Task RegisterAsync(Browser browser, string email)
    {
        var page = await browser.OpenAsync("/Account/Register");
        page = await browser.PressAsync(
            page, "form button[type=submit].w-100", ("Input.Email", email), ("Input.Password", Password), ("Input.ConfirmPassword", Password));
        Assert.Equal("/Account/RegisterConfirmation", page.Address.AbsolutePath);
        Assert.Equal("null", await browser.SessionAsync());
        await browser.OpenAsync(page.Document.QuerySelector("a[href*=ConfirmEmail]")!.GetAttribute("href")!);
    }

    private static Task<Page> LogInAsync(Browser browser, Page page, string email, string password, params (string, string)[] more) =>
        browser.PressAsync(page, "form button[type=submit].w-100", [("Input.Email", email), ("Input.Password", password), .. more]);

    /// <summary>Another device is signed out at once by a new password; this one goes on.</summary>
    private static async Task ChangePasswordAsync(Uri address, Browser browser, string email)
    {
        using var other = Open(address);
        await LogInAsync(other, await other.OpenAsync("/Account/Login"), email, Password);

        // The device list shows both, and ends one.
        var devices = await browser.OpenAsync("/api/auth/sessions");
        Assert.Equal(2, devices.Document.QuerySelectorAll("[data-ba-session]").Length);
        await browser.PressAsync(devices, ".ba-device form button");
        Assert.Equal("null", await other.SessionAsync());
        await LogInAsync(other, await other.OpenAsync("/Account/Login"), email, Password);
        Assert.Equal(email, await other.NameAsync());
        var page = await browser.PressAsync(
            await browser.OpenAsync("/Account/Manage/ChangePassword"), "form button[type=submit].w-100",
            ("Input.OldPassword", Password), ("Input.NewPassword", NewPassword), ("Input.ConfirmPassword", NewPassword));
        Assert.Contains("Your password has been changed", page.Text, StringComparison.Ordinal);
        Assert.Equal("null", await other.SessionAsync());
        Assert.Equal(email, await browser.NameAsync());
        Assert.NotNull(browser.Cookies.Find(AuthApp.SessionCookie)!.Expires);
    }

    /// <summary>An account is linked and removed on Identity's page, and its user stays signed in.</summary>
    private static async Task LinkAsync(Browser browser, string person)
    {
        var page = await browser.PressAsync(await browser.OpenAsync("/Account/Manage/ExternalLogins"), "button[value=GitHub]");
        page = await browser.ChooseAsync(page, person);
        Assert.Contains("The external login was added", page.Text, StringComparison.Ordinal);
        page = await browser.PressAsync(await browser.OpenAsync("/Account/Manage/ExternalLogins"), "form button[title^=Remove]");
        Assert.Contains("The external login was removed", page.Text, StringComparison.Ordinal);
        Assert.NotEqual("null", await browser.SessionAsync());
    }

    private static async Task UseSecondFactorAsync(Uri address, Browser browser, string email)
    {
        var page = await browser.OpenAsync("/Account/Manage/EnableAuthenticator");
        var key = page.Document.QuerySelector("kbd")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        page = await browser.PressAsync(page, "form button[type=submit].w-100", ("Input.Code", Totp.Of(key, TimeProvider.System.GetUtcNow())));
        Assert.Contains("Recovery codes", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(email, await browser.NameAsync());

        using var other = Open(address);
        page = await LogInAsync(other, await other.OpenAsync("/Account/Login?ReturnUrl=%2Fauth"), email, NewPassword);
        Assert.Equal("/Account/LoginWith2fa", page.Address.AbsolutePath);
        Assert.Equal("null", await other.SessionAsync());
        page = await other.PressAsync(page, "form button[type=submit].w-100", ("Input.TwoFactorCode", Totp.Of(key, TimeProvider.System.GetUtcNow())), ("Input.RememberMachine", "True"));
        Assert.Equal("/auth", page.Address.AbsolutePath);
        Assert.Equal(email, await other.NameAsync());
        await other.PressAsync(page, "form[action='Account/Logout'] button");

        // This browser was to be remembered: its cookie is not ours, and still counts.
        page = await LogInAsync(other, await other.OpenAsync("/Account/Login?ReturnUrl=%2Fauth"), email, NewPassword);
        Assert.Equal("/auth", page.Address.AbsolutePath);
    }

    /// <summary>What signs the person in again, or out; a page that only shows something is opened.</summary>
    private static async Task OpenTheRestAsync(Browser browser, string email)
    {
        foreach (var path in (string[])["", "/Email", "/TwoFactorAuthentication", "/GenerateRecoveryCodes", "/Passkeys", "/PersonalData", "/ExternalLogins"])
        {
            Assert.Equal("/Account/Manage" + path, (await browser.OpenAsync("/Account/Manage" + path)).Address.AbsolutePath);
        }

        var page = await browser.PressAsync(await browser.OpenAsync("/Account/Manage"), "form button[type=submit].w-100", ("Input.PhoneNumber", "+44 20 7946 0018"));
        Assert.Contains("Your profile has been updated", page.Text, StringComparison.Ordinal);
        page = await browser.PressAsync(await browser.OpenAsync("/Account/Manage/ResetAuthenticator"), "button.btn-danger");
        Assert.Contains("Your authenticator app key has been reset", page.Text, StringComparison.Ordinal);
        Assert.Equal(email, await browser.NameAsync());
        await browser.PressAsync(await browser.OpenAsync("/Account/Manage/DeletePersonalData"), "button.btn-danger", ("Input.Password", NewPassword));
        Assert.Equal("null", await browser.SessionAsync());
    }

    private static async Task<Page> ExternalAsync(Browser browser, string provider, string person) =>
        await browser.ChooseAsync(await browser.PressAsync(await browser.OpenAsync("/Account/Login"), $"button[value={provider}]"), person);

    private static async Task<string> UserIdAsync(Browser browser) =>
        (await browser.PressAsync(await browser.OpenAsync("/Account/Manage/PersonalData"), "form[action$=DownloadPersonalData] button")).Json!["Id"]!.GetValue<string>();

    private static Browser Open(Uri address) => new(address, new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, TimeProvider.System);
}
