using BlazorAuth.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace BlazorAuth.Tests.Pages;

/// <summary>Parts and pages of the app's own in the places of ours, as they run.</summary>
public sealed class SlotTests
{
    [Theory]
    [InlineData(AuthSlot.Header, "main", 0)]
    [InlineData(AuthSlot.AboveProviders, ".ba-providers", -1)]
    [InlineData(AuthSlot.BelowProviders, ".ba-providers", 1)]
    [InlineData(AuthSlot.Footer, "footer", 0)]
    public async Task WhatFillsASlotStandsInItsPlace(AuthSlot slot, string place, int side)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth =>
        {
            auth.Pages.AppName = "Reports";
            auth.Pages.Terms = "/terms";
            auth.Pages.Fill<Part>(slot);
        });
        using var browser = app.CreateBrowser();
        var page = (await browser.OpenAsync("/api/auth/signin")).Document;
        var part = Assert.Single(page.QuerySelectorAll("#part"));
        Assert.Equal("The part of Reports", part.TextContent);
        var neighbour = page.QuerySelector(place);
        Assert.Same(neighbour, side switch { 0 => part.ParentElement, 1 => part.PreviousElementSibling, _ => part.NextElementSibling });
        Assert.Equal(slot == AuthSlot.Header ? 0 : 1, page.QuerySelectorAll(".ba-brand").Length);
        Assert.Single(page.QuerySelectorAll(".ba-links"));

        // Providers are on one page; head and foot on all.
        Assert.Equal(side == 0 ? 1 : 0, (await browser.OpenAsync("/api/auth/signout")).Document.QuerySelectorAll("#part").Length);
    }

    [Fact]
    public async Task AnAppDrawsTheButtonOfEveryProvider()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth => auth.Pages.Fill<Button>(AuthSlot.ProviderButton));
        using var browser = app.CreateBrowser();
        foreach (var address in (string[])["/api/auth/signin", "/api/auth/signin/github"])
        {
            var buttons = (await browser.OpenAsync(address)).Document.QuerySelectorAll("button.ba-provider");
            Assert.NotEmpty(buttons);
            Assert.All(buttons, button => Assert.Matches("^With (google|github|oidc)$", button.QuerySelector("[data-ba-label]")!.TextContent));
            Assert.All(buttons, button => Assert.Empty(button.QuerySelectorAll("svg, .ba-icon")));
        }
    }

    [Theory]
    [InlineData("/api/auth/error?error=AccessDenied", "Ask for an invitation")]
    [InlineData("/api/auth/signin?error=AccessDenied", "Ask for an invitation")]
    [InlineData("/api/auth/error?error=Verification", null)]
    public async Task AnAppSaysAFailureInItsOwnWords(string address, string? words)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth => auth.Pages.ErrorText = error =>
            error.Code == AuthError.AccessDenied ? new AuthMessage("Ask for an invitation", $"Write to us. {error.Texts.Language}") : null);
        using var browser = app.CreateBrowser();
        var page = await browser.OpenAsync(address);
        Assert.Equal(words is not null, page.Text.Contains("Write to us. en", StringComparison.Ordinal));
        Assert.Equal(words is not null, page.Text.Contains("Ask for an invitation", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatFailedIsToldToTheAppInFull()
    {
        var told = new List<(string, AuthErrorReason, string?)>();
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth => auth.Pages.ErrorText = error =>
        {
            told.Add((error.Code, error.Reason, error.Provider));
            return null;
        });
        using var browser = app.CreateBrowser();
        var page = await browser.OpenAsync("/api/auth/error?error=Configuration&reason=Expired&provider=google");
        Assert.Contains((AuthError.Configuration, AuthErrorReason.Expired, "Google"), told);
        Assert.Contains("took too long", page.Document.Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/auth/signin?callbackUrl=%2Fpage%3Fa%3D1", "/welcome", true)]
    [InlineData("/api/auth/error?error=AccessDenied&callbackUrl=%2Fpage%3Fa%3D1", "/sorry", true)]
    [InlineData("/api/auth/verify-request?callbackUrl=%2Fpage%3Fa%3D1", "/mailbox", true)]
    [InlineData("/api/auth/signout", "/bye", false)]
    [InlineData("/api/auth/account", "/me", false)]
    [InlineData("/api/auth/sessions", "/devices", false)]
    public async Task APageOfTheAppIsGoneToWithTheWayBack(string address, string own, bool keepsTheWay)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth =>
        {
            (auth.Pages.SignIn, auth.Pages.SignOut, auth.Pages.Error) = ("/welcome", "/bye", "/sorry");
            (auth.Pages.VerifyRequest, auth.Pages.Account, auth.Pages.Sessions) = ("/mailbox", "/me", "/devices");
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        var answer = await browser.GetAsync(address);
        Assert.Equal(own, answer.Location!.AbsolutePath);
        if (keepsTheWay)
        {
            var way = Page.Query(answer.Location, "callbackUrl");
            Assert.Equal(new Uri(app.Address, "/page?a=1"), new Uri(app.Address, way));
        }
    }

    [Fact]
    public void EverySlotIsInTheDocs()
    {
        var docs = File.ReadAllText(Repository.File("docs", "pages.md"));
        Assert.All(Enum.GetNames<AuthSlot>(), slot => Assert.Contains($"`{slot}`", docs, StringComparison.Ordinal));
    }

    private sealed class Part : ComponentBase
    {
        [CascadingParameter] public AuthPageContext? Page { get; set; }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddMarkupContent(0, $"<p id=\"part\">The part of {Page!.AppName}</p>");
    }

    private sealed class Button : ComponentBase
    {
        [Parameter] public AuthProvider? Provider { get; set; }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddMarkupContent(0, $"<b data-ba-label>With {Provider!.Id}</b>");
    }
}
