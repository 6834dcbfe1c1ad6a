using System.Net;
using BlazorAuth.Tests.Accounts;

namespace BlazorAuth.Tests.Flows;

/// <summary>Users with several ways to sign in, of which only some count where a recent sign-in is needed (<see cref="AuthSessionOptions.FreshProviders"/>).</summary>
public sealed class StrongProviderTests
{
    private const string Export = "/api/auth/account/export";

    [Fact]
    public async Task AWeakerWayDoesNotStandInForTheOneThatCounts()
    {
        await using var linking = await StartAsync();
        using var browser = linking.App.CreateBrowser();
        var id = await SignInAndConnectAsync(linking, browser);
        Assert.Equal(HttpStatusCode.OK, (await browser.PostAsync(Export)).Status);
        linking.App.Clock.Advance(TimeSpan.FromMinutes(16));
        await browser.PostAsync("/api/auth/signout");
        Assert.Equal(id, await linking.SignInAsync(browser, "acme"));

        Assert.StartsWith("/api/auth/signin/work?fresh=true", (await browser.PostAsync(Export)).Location!.PathAndQuery, StringComparison.Ordinal);
        var weak = await browser.PostAsync("/api/auth/signin/acme?fresh=true");
        Assert.Equal("/api/auth/signin?fresh=true", weak.Location!.PathAndQuery.Split('&')[0]);
        var chooser = await browser.OpenAsync(weak.Location.ToString());
        Assert.Equal("/api/auth/signin/work", Assert.Single(chooser.Document.QuerySelectorAll("form[action*='/signin/']")).GetAttribute("action")!.Split('?')[0]);

        Showed(linking);
        var sent = await browser.PostAsync("/api/auth/signin/work?fresh=true");
        await browser.ArriveAsync(linking.Fake.Answer(sent.Location!));
        Assert.Equal(HttpStatusCode.OK, (await browser.PostAsync(Export)).Status);
    }

    // The one that counts lets people through without asking; the one that does not asked just now.
    [Fact]
    public async Task WhatTheWeakerOneSawDoesNotCountAsTheStrongersWord()
    {
        await using var linking = await StartAsync();
        using var browser = linking.App.CreateBrowser();
        await SignInAndConnectAsync(linking, browser);
        linking.App.Clock.Advance(TimeSpan.FromMinutes(16));
        await browser.PostAsync("/api/auth/signout");
        await linking.SignInAsync(browser, "acme");

        await linking.SignInAsync(browser, "work");

        Assert.Equal("work", Assert.Single(await SessionsAsync(linking, browser)).Provider);
        Assert.StartsWith("/api/auth/signin/work?fresh=true", (await browser.PostAsync(Export)).Location!.PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANameThatIsNoProviderStopsTheStart()
    {
        var error = await Assert.ThrowsAsync<AuthSetupException>(() => Linking.StartAsync(options => options.Session.FreshProviders.Add("wrok")));

        Assert.Contains("'wrok'", error.Message, StringComparison.Ordinal);
    }

    private static Task<Linking> StartAsync() => Linking.StartAsync(options => options.Session.FreshProviders.Add("work"));

    /// <summary>The provider asked the person now.</summary>
    private static void Showed(Linking linking)
    {
        var at = linking.App.Clock.GetUtcNow().ToUnixTimeSeconds();
        linking.Fake.ChangeIdToken = claims =>
            (claims["auth_time"], claims["exp"]) = (at, linking.App.Clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds());
    }

    private static async Task<string> SignInAndConnectAsync(Linking linking, Browser browser)
    {
        Showed(linking);
        var id = await linking.SignInAsync(browser, "work");
        var away = await browser.PressAsync(await browser.OpenAsync("/api/auth/account"), "form[action$='connect/acme'] button");
        Assert.Contains("Connected.", (await browser.ArriveAsync(linking.Fake.Answer(away.Location!))).Text, StringComparison.Ordinal);
        return id;
    }

    private static async Task<IReadOnlyList<Session>> SessionsAsync(Linking linking, Browser browser) => await linking.App.Sessions.ListAsync(
        await browser.UserIdAsync(), TestContext.Current.CancellationToken);
}
