using System.Net;
using BlazorAuth.Tests.Flows;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>GET signin</c>, <c>GET signin/{provider}</c>, <c>POST signin/{provider}</c>: who may start what, and what a client may add.</summary>
public sealed partial class SignInEndpointTests(PlainApp plain) : IClassFixture<PlainApp>
{
    [Fact]
    public async Task TheSignInPageHasAFormForEveryProviderThatWorksWithoutScript()
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        var page = await browser.GetAsync("/api/auth/signin?callbackUrl=%2Fpage%3Fx%3D1&csrfToken=planted&error=nonsense%3Cb%3E");
        var forms = page.Document.QuerySelectorAll("form");
        Assert.Equal(["google", "github", "oidc"], forms.Select(form => form.GetAttribute("action")!.Split('/')[^1]));
        Assert.All(forms, form =>
        {
            Assert.Equal("post", form.GetAttribute("method"));
            Assert.Equal("http://localhost/page?x=1", form.QuerySelector("input[name=callbackUrl]")!.GetAttribute("value"));
            Assert.Equal(64, form.QuerySelector("input[name=csrfToken]")!.GetAttribute("value")!.Length);
        });
        Assert.Equal(browser.Cookies["authjs.csrf-token"]!.Split("%7C")[0], forms[0].QuerySelector("input[name=csrfToken]")!.GetAttribute("value"));
        Assert.DoesNotContain("nonsense<b>", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartingASignInWithNoProviderAsksWhichOne()
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        foreach (var path in (string[])["signin", "signin/undefined"])
        {
            var answer = await browser.PostAsync($"/api/auth/{path}", [new("callbackUrl", "/page")]);
            Assert.Equal(HttpStatusCode.Found, answer.Status);
            Assert.Equal("/api/auth/signin?callbackUrl=http%3A%2F%2Flocalhost%2Fpage", answer.Location!.PathAndQuery);
        }
    }

    [Fact]
    public async Task AProviderWithoutKeysIsNotOfferedAndDevelopmentSaysWhy()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.StandIns = false);
        using var browser = app.CreateBrowser();
        var page = await browser.GetAsync("/api/auth/signin");
        Assert.Empty(page.Document.QuerySelectorAll("form"));
        Assert.Contains("AUTH_GOOGLE_ID", page.Text, StringComparison.Ordinal);
        Assert.Equal("{}", (await browser.GetAsync("/api/auth/providers")).Text);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await browser.GetAsync("/api/auth/signin/google")).Status);
        Assert.Contains(app.Logs.Own, line => line.Text.Contains("AUTH_GITHUB_SECRET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheProviderOfTheLastSignInComesFirst()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        Assert.Empty((await browser.OpenAsync("/api/auth/signin")).Document.QuerySelectorAll(".ba-badge"));
        await browser.SignInAsync("github");
        Assert.Equal("github", browser.Cookies["authjs.last-provider"]);
        var first = (await browser.OpenAsync("/api/auth/signin")).Document.QuerySelector(".ba-providers form")!;
        Assert.Equal("/api/auth/signin/github", first.GetAttribute("action"));
        Assert.Equal("Last used", first.QuerySelector(".ba-badge")!.TextContent);

        await using var off = await AuthApp.StartAsync(setup => setup.Options = auth => auth.Pages.RememberProvider = false);
        using var another = off.CreateBrowser();
        await another.SignInAsync("github");
        Assert.Null(another.Cookies["authjs.last-provider"]);
    }

    [Fact]
    public async Task TheProviderOfTheLastSignInIsKeptForHalfAYearOutOfScriptsReach()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var cookie = browser.Cookies.Find("authjs.last-provider")!;
        Assert.Equal("google", cookie.Value);
        Assert.True(cookie.HttpOnly);
        Assert.Equal("Lax", cookie.SameSite, ignoreCase: true);
        Assert.Contains("max-age=15552000", cookie.Header, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(app.Clock.GetUtcNow() + TimeSpan.FromDays(180), cookie.Expires!.Value, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task HowLongTheLastProviderIsKeptIsForTheAppToSay()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth => auth.Pages.RememberProviderFor = TimeSpan.FromDays(1));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        app.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        Assert.Null(browser.Cookies["authjs.last-provider"]);
        Assert.Contains("Ada", await browser.SessionAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CredentialsThatWereUsedLastComeFirst()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Providers = builder => builder.AddGoogle().AddGitHub().AddCredentials(
            "password", context => ValueTask.FromResult<CredentialsResult>(new SessionUser { Id = context.Form["user"]! })));
        using var browser = app.CreateBrowser();
        var before = await browser.OpenAsync("/api/auth/signin");
        Assert.Equal("/api/auth/callback/password", Forms(before)[^1]);
        await browser.PressAsync(before, "form[action$='/password'] button", ("user", "ada"), ("password", "secret"));
        Assert.Equal("password", browser.Cookies["authjs.last-provider"]);
        await browser.PostAsync("/api/auth/signout");

        var page = await browser.OpenAsync("/api/auth/signin");

        Assert.Equal(["/api/auth/callback/password", "/api/auth/signin/google", "/api/auth/signin/github", "/api/auth/signin/oidc"], Forms(page));
        Assert.Equal("Last used", page.Document.QuerySelector("form[action$='/password'] .ba-badge")!.TextContent);
        Assert.Single(page.Document.QuerySelectorAll(".ba-badge"));
        Assert.Single(page.Document.QuerySelectorAll(".ba-or"));
    }

    private static string[] Forms(Page page) => [.. page.Document.QuerySelectorAll("main form").Select(form => form.GetAttribute("action")!)];
}
