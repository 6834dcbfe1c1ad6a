using System.IO.Compression;
using System.Net;
using BlazorAuth.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace BlazorAuth.Tests.Pages;

/// <summary>How an app makes the pages its own.</summary>
public sealed class LookTests
{
    [Fact]
    public async Task VariablesBridgeBackgroundAndSheetsReachEveryPage()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth =>
        {
            auth.Pages.AppName = "Reports";
            auth.Pages.Variables["accent"] = "light-dark(#7c3aed, #c4b5fd)";
            auth.Pages.Bridge = AuthBridge.Bootstrap;
            auth.Pages.HostStyleSheets.Add("/bootstrap.css");
            auth.Pages.Background = "/hills.jpg";
            auth.Pages.StyleSheets.Add("/brand.css");
            auth.Pages.Terms = "/terms";
            auth.Pages.ColorScheme = AuthColorScheme.Dark;
        });
        using var browser = app.CreateBrowser();
        var page = await browser.OpenAsync("/api/auth/signin");
        var sheets = page.Document.QuerySelectorAll("link[rel=stylesheet]").Select(link => link.GetAttribute("href")!).ToList();
        Assert.Equal(["theme.css", "blazorauth.css", "brand.css"], sheets.Select(sheet => sheet.Split('?')[0].Split('/')[^1]));
        Assert.Equal("dark", page.Document.DocumentElement.GetAttribute("data-ba-scheme"));
        Assert.Equal("Terms", page.Document.QuerySelector(".ba-links a[href='/terms']")!.TextContent);

        var theme = (await browser.GetAsync(sheets[0])).Text;
        Assert.StartsWith("@layer host, blazorauth, blazorauth-bridge;\n@import url(\"/bootstrap.css\") layer(host);", theme, StringComparison.Ordinal);
        Assert.Contains("--ba-accent: var(--bs-primary", theme, StringComparison.Ordinal);
        Assert.Contains("--ba-accent: light-dark(#7c3aed, #c4b5fd);", theme, StringComparison.Ordinal);
        Assert.Contains("--ba-background-image: url(\"/hills.jpg\");", theme, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheAppsOwnLinksStandAtTheFootOfEveryPage()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth =>
            (auth.Pages.Terms, auth.Pages.Privacy, auth.Pages.Help) = ("/terms", "/privacy", "https://help.example.com/"));
        using var browser = app.CreateBrowser();
        foreach (var path in (string[])["signin", "signin/github", "signout", "error", "verify-request"])
        {
            var links = (await browser.OpenAsync("/api/auth/" + path)).Document.QuerySelectorAll(".ba-links a");
            Assert.Equal(["/terms", "/privacy", "https://help.example.com/"], links.Select(link => link.GetAttribute("href")));
        }
    }

    [Theory]
    [InlineData("/logo.svg", "img-src 'self' data:;")]
    [InlineData("https://cdn.example.com/logo.svg", "img-src 'self' data: https://cdn.example.com;")]
    public async Task TheLogoIsTheOnlyPictureFromElsewhere(string logo, string policy)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth => auth.Pages.Logo = logo);
        using var browser = app.CreateBrowser();
        var page = await browser.OpenAsync("/api/auth/signin");
        Assert.Equal(logo, page.Document.QuerySelector(".ba-mark")!.GetAttribute("src"));
        Assert.Contains(policy, page.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("acent", "red", "acent")]
    [InlineData("accent", "red } body { display: none", "more than a single CSS value")]
    public async Task AVariableThatCannotWorkStopsTheStart(string name, string value, string told)
    {
        var refusal = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup => setup.Options = auth => auth.Pages.Variables[name] = value));
        Assert.Contains(told, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryDocumentedVariableIsUsedAndEveryUsedOneDocumented()
    {
        var css = AuthAssets.Text(AuthAssets.StyleSheet);
        var docs = File.ReadAllText(Repository.File("docs", "pages.md"));
        Assert.All(AuthTheme.Variables, name =>
        {
            Assert.Contains($"--ba-{name}:", css, StringComparison.Ordinal);
            Assert.Contains($"var(--ba-{name}", css, StringComparison.Ordinal);
            Assert.Contains($"| `{name}` |", docs, StringComparison.Ordinal);
        });
        var used = System.Text.RegularExpressions.Regex.Matches(css, @"var\(--ba-([a-z-]+)").Select(match => match.Groups[1].Value).ToHashSet();
        Assert.Subset(AuthTheme.Variables.ToHashSet(), used);
    }

    [Fact]
    public async Task APageOfTheAppsOwnTakesThePlaceOfOursAndTheOthersStay()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth => auth.Pages
            .Replace<Goodbye>().Fill<Hint>(AuthSlot.BelowProviders));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        Assert.Equal("Ada Lovelace", (await browser.OpenAsync("/api/auth/signout")).Document.QuerySelector("p")!.TextContent);
        var signIn = await browser.OpenAsync("/api/auth/signin");
        Assert.NotNull(signIn.Document.QuerySelector("main.ba-card h1"));
        Assert.StartsWith("A hint for ", signIn.Document.QuerySelector("#hint")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AButtonOfTheAppsOwnKnowsItsTextAndWhetherItWasUsedLast()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth => auth.Pages.Fill<OwnButton>(AuthSlot.ProviderButton));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        await browser.PostAsync("/api/auth/signout");
        Assert.Equal(
            ["github: Continue with GitHub True", "google: Continue with Google False", "oidc: Continue with OpenID Connect False"],
            (await browser.OpenAsync("/api/auth/signin")).Document.QuerySelectorAll("button i").Select(text => text.TextContent));
        Assert.Equal(
            "google: Try Google again False",
            (await browser.OpenAsync("/api/auth/error?error=AccessDenied&provider=google")).Document.QuerySelector("button i")!.TextContent);
    }

    [Theory]
    [InlineData("/api/auth/error?error=%3Cscript%3Ealert(1)%3C/script%3E&reason=nonsense&reference=%3Cb%3E&provider=javascript:alert(1)")]
    [InlineData("/api/auth/signin?error=%3Cscript%3Ealert(1)%3C/script%3E&callbackUrl=javascript:alert(1)&provider=%3Cimg%20src=x%20onerror=alert(1)%3E")]
    [InlineData("/api/auth/signout?done=%3Cscript%3E&callbackUrl=https://evil.example/")]
    [InlineData("/api/auth/signin?ui_locales=%3Cscript%3Ealert(1)%3C/script%3E")]
    public async Task NothingOfAnAddressIsShownOrFollowed(string address)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var page = await browser.OpenAsync(address);
        Assert.DoesNotContain("alert(1)", page.Document.Body!.InnerHtml, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", page.Text, StringComparison.Ordinal);
        Assert.Empty(page.Document.QuerySelectorAll("body script, [onerror], [href^='javascript:']"));
    }

    private sealed class OwnButton : ComponentBase
    {
        [Parameter] public AuthProvider Provider { get; set; } = null!;

        [CascadingParameter] public ProviderButtonModel Button { get; set; } = null!;

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenElement(0, "i");
            builder.AddContent(1, $"{Provider.Id}: {Button.Label} {Button.IsLastUsed}");
            builder.CloseElement();
        }
    }

    private sealed class Goodbye : AuthPage<SignOutPageModel>
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenElement(0, "p");
            builder.AddContent(1, Model.Session?.User.Name);
            builder.CloseElement();
        }
    }

    private sealed class Hint : ComponentBase
    {
        [CascadingParameter] public AuthPageContext? Page { get; set; }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenElement(0, "p");
            builder.AddAttribute(1, "id", "hint");
            builder.AddContent(2, "A hint for " + Page!.AppName);
            builder.CloseElement();
        }
    }
}
