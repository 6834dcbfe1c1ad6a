using Microsoft.AspNetCore.Authentication;

namespace BlazorAuth.Tests.Configuration;

/// <content>Two apps on one host.</content>
public sealed partial class SilentMistakeTests
{
    [Fact]
    public async Task TheSessionOfAnotherAppOnThisHostIsLeftAlone()
    {
        await using var neighbour = await AuthApp.StartAsync(setup => setup.Settings["AUTH_SECRET"] = "another secret that is long enough for this");
        await using var app = await AuthApp.StartAsync();
        using var theirs = neighbour.CreateBrowser();
        await theirs.SignInAsync("google");
        using var browser = app.CreateBrowser();
        theirs.Cookies.CopyTo(browser.Cookies);
        var cookie = browser.Cookies[AuthApp.SessionCookie];
        Assert.NotNull(cookie);

        Assert.Equal("null", await browser.SessionAsync());
        Assert.Equal(cookie, browser.Cookies[AuthApp.SessionCookie]);
        var page = await browser.OpenAsync("/api/auth/signin");
        Assert.DoesNotContain("has ended", page.Text, StringComparison.OrdinalIgnoreCase);
        var line = Assert.Single(app.Logs.Own, line => line.Event.Id == 654);
        Assert.Contains("builder.Services.AddBlazorAuth(auth => auth.Cookies.Prefix = \"", line.Text, StringComparison.Ordinal);

        // Signing in takes the cookie over, as two tabs would see.
        Assert.Equal("Ada Lovelace", (await browser.SignInAsync("google")).Text);
    }

    [Fact]
    public async Task OutsideDevelopmentACookieThatNoSecretOpensIsDeleted()
    {
        await using var app = await AuthApp.StartAsync(setup =>
            (setup.Environment, setup.StandIns, setup.Providers, setup.Settings["AUTH_URL"], setup.Address) = ("Production", false, _ => { }, "https://app.example", new("https://app.example")));
        await using var neighbour = await AuthApp.StartAsync(setup => setup.Settings["AUTH_SECRET"] = "another secret that is long enough for this");
        using var theirs = neighbour.CreateBrowser();
        await theirs.SignInAsync("google");
        using var browser = app.CreateBrowser();
        browser.Cookies[Guarded] = theirs.Cookies[AuthApp.SessionCookie];
        Assert.Equal("null", await browser.SessionAsync());
        Assert.Null(browser.Cookies[Guarded]);
        AssertSilent(app);
    }
}
