using System.Net;
using System.Security.Claims;
using AngleSharp.Dom;
using BlazorAuth.Tests.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>GET account</c>: who somebody is, who says so, and what happened to the account.</summary>
public sealed class AccountEndpointTests
{
    private const string Address = "/api/auth/account";

    [Fact]
    public async Task TheProfileIsShownWithWhereItComesFrom()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        var facts = (await browser.OpenAsync(Address)).Document;
        Assert.Equal("Ada Lovelace", Fact(facts, "Name").TextContent.Trim());
        Assert.Equal("ada@example.com", Fact(facts, "Email").QuerySelector("bdi")!.TextContent);
        Assert.Equal("Verified", Fact(facts, "Email").QuerySelector(".ba-badge")!.TextContent);
        Assert.Equal("GitHub", facts.QuerySelector("[aria-labelledby=method] .ba-entry strong")!.TextContent.Trim());
        Assert.NotNull(facts.QuerySelector("[aria-labelledby=method] .ba-entry svg"));
        Assert.Contains(facts.QuerySelectorAll("p"), line => line.TextContent.StartsWith("GitHub shared this when you signed in.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnEMailThatNobodyConfirmedSaysSo()
    {
        var fake = new FakeProvider();
        fake.User.Remove("email_verified");
        await using var app = await AuthApp.StartAsync(setup => setup.Providers = builder => builder.AddOAuth("acme", "Acme", fake.UseForPlainOAuth));
        using var browser = app.CreateBrowser();
        var away = await browser.StartSignInAsync("acme");
        await browser.ArriveAsync(fake.Answer(away.Location!));
        var email = Fact((await browser.OpenAsync(Address)).Document, "Email");
        Assert.Equal("ada@example.com", email.QuerySelector("bdi")!.TextContent);
        Assert.Equal("Not verified", email.QuerySelector(".ba-badge")!.TextContent);
    }

    [Fact]
    public async Task EventsAreThePersonsOwnTheNewestFirst()
    {
        await using var app = await AuthApp.StartAsync();
        using var ada = app.CreateBrowser();
        using var grace = app.CreateBrowser();
        await ada.SignInAsync("github");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await grace.SignInAsync("google", person: "grace");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await ada.PressAsync(await ada.OpenAsync("/api/auth/signout"));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await ada.SignInAsync("github");

        Assert.Equal(["Signed in with GitHub", "Signed out", "Signed in with GitHub"], Events(await ada.OpenAsync(Address)));
        Assert.Equal(["Signed in with Google"], Events(await grace.OpenAsync(Address)));
    }

    [Fact]
    public async Task EventsThatCannotBeReadAreSaidToBeSoAndTheProfileIsThere()
    {
        await using var app = await AuthApp.StartAsync(setup => FaultyStore.AddTo(setup, nameof(ISessionStore.ListHistoryAsync)));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        var page = await browser.OpenAsync(Address);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("Ada Lovelace", Fact(page.Document, "Name").TextContent.Trim());
        Assert.Contains("You’re still signed in.", page.Document.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(Events(page));
        Assert.DoesNotContain("cannot be reached", page.Text, StringComparison.Ordinal);
        Assert.Contains(app.Logs.Own, line => line.Event.Name == "DevicesUnreadable");
        Assert.DoesNotContain(app.Logs.Own, line => line.Event.Name == "WaysUnreadable");
    }

    [Fact]
    public async Task WaysThatCannotBeReadAreLoggedAsThatAndTheProfileIsThere()
    {
        FaultyAccounts accounts = null!;
        await using var app = await AuthApp.StartAsync(setup => setup.Providers = builder => builder.AddGoogle().AddGitHub().AddAccounts<FaultyAccounts>()
            .Services.AddSingleton(provider => accounts = new FaultyAccounts(new MemoryAccountStore(provider.GetRequiredService<TimeProvider>())))
            .AddSingleton<IAccountStore>(provider => provider.GetRequiredService<FaultyAccounts>()));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        accounts.IsDown = true;
        Assert.Equal("Ada Lovelace", Fact((await browser.OpenAsync(Address)).Document, "Name").TextContent.Trim());
        Assert.Contains(app.Logs.Own, line => line.Event.Name == "WaysUnreadable");
        Assert.DoesNotContain(app.Logs.Own, line => line.Event.Name == "DevicesUnreadable");
    }

    /// <summary>No provider of that name shared anything, and there is nowhere to change it.</summary>
    [Fact]
    public async Task WhomTheAppSignedInByItselfReadsNothingAboutAProvider()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Map = host =>
            host.MapGet("/enter", (HttpContext http) => http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new("sub", "7"), new("name", "Seven")], "own")))));
        using var browser = app.CreateBrowser();
        await browser.OpenAsync("/enter");
        var page = await browser.OpenAsync(Address);
        Assert.Equal("Seven", Fact(page.Document, "Name").TextContent.Trim());
        Assert.DoesNotContain(page.Document.QuerySelectorAll("p"), line => line.TextContent.Contains("shared this when you signed in", StringComparison.Ordinal));
    }

    [Fact]
    public Task WhoIsNotSignedInSignsInFirstAndComesBack() => Devices.AssertSignsInFirstAsync(Address);

    private static IElement Fact(IDocument page, string name) => page.QuerySelectorAll("dt").Single(term => term.TextContent == name).NextElementSibling!;

    private static IEnumerable<string> Events(Page page) => page.Document.QuerySelectorAll("[aria-labelledby=events] .ba-list strong").Select(line => line.TextContent);
}
