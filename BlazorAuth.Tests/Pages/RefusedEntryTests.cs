using AngleSharp.Dom;

namespace BlazorAuth.Tests.Pages;

/// <summary>What was entered beside a wrong password comes back once, within a minute, in the browser that entered it, and never the password.</summary>
public sealed class RefusedEntryTests
{
    private const string Name = "authjs.refused-entry";
    private const string Form = "form[action$='/callback/password']";

    [Fact]
    public async Task TheNameIsThereAgainThePasswordWaitsAndTheMessageDescribesBoth()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();

        var refused = await RefuseAsync(browser);

        Assert.Equal("ada@example.com", Field(refused, "user").GetAttribute("value"));
        var password = Field(refused, "password");
        Assert.Null(password.GetAttribute("value"));
        Assert.NotNull(password.GetAttribute("data-ba-focus"));
        Assert.Null(refused.Document.QuerySelector("[role=alert]")!.GetAttribute("data-ba-focus"));
        Assert.All(refused.Document.QuerySelectorAll(Form + " .ba-field input"), field =>
        {
            Assert.Equal("true", field.GetAttribute("aria-invalid"));
            Assert.Contains("Incorrect user name or password", refused.Document.GetElementById(field.GetAttribute("aria-describedby")!)!.TextContent, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task ItIsACookieForTheSignInPageAloneThatIsGoneOnceItIsShown()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();

        var refused = await RefuseAsync(browser);

        var cookie = Assert.Single(browser.Cookies.History, cookie => cookie.Name == Name && cookie.Value.Length > 0);
        Assert.Equal(("/api/auth/signin", true, "lax"), (cookie.Path, cookie.HttpOnly, cookie.SameSite));
        Assert.Contains("max-age=60", cookie.Header, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("ada", Uri.UnescapeDataString(refused.Address.Query).Replace("provider=password", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("example", cookie.Value, StringComparison.OrdinalIgnoreCase);
        Assert.Null(browser.Cookies[Name]);
        Assert.Null(Field(await browser.OpenAsync(refused.Address.PathAndQuery), "user").GetAttribute("value"));
    }

    [Fact]
    public async Task NoSecretIsKept()
    {
        await using var app = await StartAsync(provider =>
        {
            provider.Fields.Clear();
            provider.Fields.Add(new CredentialsField("user", "User name"));
            provider.Fields.Add(new CredentialsField("old", "Old password") { AutoComplete = "current-password" });
            provider.Fields.Add(new CredentialsField("code", "Code") { AutoComplete = "one-time-code" });
            provider.Fields.Add(new CredentialsField("password", "Password") { Type = "password" });
        });
        using var browser = app.CreateBrowser();

        var refused = await browser.PressAsync(
            await browser.OpenAsync("/api/auth/signin"), Form + " button:not([type])", ("user", "ada"), ("old", "secret-1"), ("code", "secret-2"), ("password", "secret-3"));

        Assert.Equal(["ada", null, null, null], refused.Document.QuerySelectorAll(Form + " .ba-field input").Select(field => field.GetAttribute("value")));
        Assert.DoesNotContain("secret-", refused.Text, StringComparison.Ordinal);
        var protection = app.Services.GetRequiredService<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider>().CreateProtector("BlazorAuth.RefusedEntry");
        var kept = browser.Cookies.History.First(cookie => cookie.Name == Name && cookie.Value.Length > 0).Value;
        Assert.DoesNotContain("secret-", Microsoft.AspNetCore.DataProtection.DataProtectionCommonExtensions.Unprotect(protection, kept), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a minute later")]
    [InlineData("in another browser")]
    [InlineData("changed on the way")]
    [InlineData("without an error")]
    public async Task ItIsNotShown(string when)
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        using var other = app.CreateBrowser();
        var answer = await browser.PressOnceAsync(await browser.OpenAsync("/api/auth/signin"), Form + " button:not([type])", ("user", "ada@example.com"), ("password", "x"));
        var page = answer.Location!.PathAndQuery;
        var cookie = browser.Cookies.Find(Name)!;
        var (reader, value) = when == "in another browser" ? (other, cookie.Value) : (browser, cookie.Value);
        if (when == "changed on the way")
        {
            value = value[..^4] + "AAAA";
        }

        if (when == "a minute later")
        {
            app.Clock.Advance(TimeSpan.FromSeconds(61));
        }

        await reader.OpenAsync("/api/auth/signin/password");
        reader.Cookies.Store(new Uri(app.Address, "/api/auth/signin"), $"{Name}={value}; Path=/api/auth/signin");
        var shown = await reader.OpenAsync(when == "without an error" ? "/api/auth/signin" : page);

        Assert.Null(Field(shown, "user").GetAttribute("value"));
        Assert.DoesNotContain("ada@example.com", shown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientAndAPageOfTheAppsOwnGetNoCookie()
    {
        await using var app = await StartAsync();
        using var client = app.CreateBrowser();
        await client.FetchFormAsync("/api/auth/callback/password", new() { ["user"] = "ada", ["password"] = "x" }, ("X-Auth-Return-Redirect", "1"));
        Assert.DoesNotContain(client.Cookies.History, cookie => cookie.Name == Name);

        await using var own = await StartAsync(setUp: setup => setup.Options = auth => auth.Pages.SignIn = "/welcome");
        using var browser = own.CreateBrowser();
        await browser.PostAsync("/api/auth/callback/password", [new("user", "ada"), new("password", "x")]);
        Assert.DoesNotContain(browser.Cookies.History, cookie => cookie.Name == Name);
    }

    private static Task<AuthApp> StartAsync(Action<CredentialsProvider>? configure = null, Action<AuthAppSetup>? setUp = null) => AuthApp.StartAsync(setup =>
    {
        setup.Providers = builder => builder.AddCredentials("password", _ => ValueTask.FromResult(CredentialsResult.Refuse()), configure);
        setUp?.Invoke(setup);
    });

    private static async Task<Page> RefuseAsync(Browser browser) =>
        await browser.PressAsync(await browser.OpenAsync("/api/auth/signin"), Form + " button:not([type])", ("user", "ada@example.com"), ("password", "x"));

    private static IElement Field(Page page, string name) => page.Document.QuerySelector($"{Form} input[name={name}]")!;
}
