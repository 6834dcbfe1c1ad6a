using System.Text.Json.Nodes;
using BlazorAuth.Tests.Circuits;
using BlazorAuth.Tests.Stores;
using Microsoft.AspNetCore.Builder;

namespace BlazorAuth.Tests.Sessions;

/// <content>Lists that are longer than a page.</content>
public sealed partial class SessionLimitTests
{
    [Fact]
    public async Task ThePageOfDevicesShowsAHundredAtATime()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Session.MostPerUser = 0);
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var ada = await browser.UserIdAsync();
        for (var i = 0; i < 230; i++)
        {
            await app.BeginSessionAsync(ada);
        }

        var found = new List<string>();
        var page = await browser.OpenAsync("/api/auth/sessions");
        for (var pages = 1; ; pages++)
        {
            found.AddRange(page.Document.QuerySelectorAll("[data-ba-session]").Select(device => device.GetAttribute("data-ba-session")!));
            if (page.Document.QuerySelectorAll("a").FirstOrDefault(link => link.TextContent == "Show more devices") is not { } more)
            {
                Assert.Equal(3, pages);
                break;
            }

            page = await browser.OpenAsync(more.GetAttribute("href")!);
        }

        Assert.Equal((231, 231), (found.Count, found.Distinct().Count()));
        Assert.Equal(100, (await app.Sessions.ListAsync(ada, Token)).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1.")]
    [InlineData("99999999999999999.s1")]
    [InlineData("-1.s1")]
    [InlineData("1.%00")]
    public async Task AnyPlaceInTheListMayBeNamed(string after)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");

        Assert.Equal(System.Net.HttpStatusCode.OK, (await browser.OpenAsync("/api/auth/sessions?after=" + after)).Status);
    }

    [Fact]
    public async Task AllSessionsOfAPersonAreRevokedAndChangedHoweverManyThereAre()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Session.MostPerUser = 0);
        for (var i = 0; i < 330; i++)
        {
            await app.BeginSessionAsync("ada", $"s{i}");
        }

        Assert.Equal(330, await app.Sessions.UpdateUserClaimsAsync("ada", claims => claims["plan"] = "pro", Token));
        Assert.Equal("pro", (string)(await app.Store.FindAsync("s7", Token))!.Content().Claims["plan"]!);
        Assert.Equal(329, await app.Sessions.RevokeOthersAsync("ada", "s7", Token));
        Assert.Equal(1, await app.Sessions.RevokeUserAsync("ada", Token));
    }
}
