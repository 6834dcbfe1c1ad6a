using System.Diagnostics;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>Two processes of the app on one store, and a browser with a live page on the second: what happens on the first reaches it.</summary>
[Collection(BrowserTests.Name)]
public sealed class TwoNodesLiveTests(BrowserFixture browser, PostgresServer postgres, RedisServer redis) : IClassFixture<RedisServer>
{
    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    public async Task ALivePageOnOneNodeIsCoveredWithinAMomentOfTheSignOutOnTheOther(string kind)
    {
        var settings = new Dictionary<string, string?>
        {
            ["AUTH_STORE"] = kind == "redis" ? "redis:" + await redis.CreateDatabaseAsync() : "postgres:" + await postgres.CreateSchemaAsync(),
            ["AUTH_SECRET"] = AuthApp.Secret,
        };
        await using var a = await RealApp.StartAsync(settings);
        await using var b = await RealApp.StartAsync(settings);

        // One browser: cookies go to every port of a host. Channels between tabs do not, so the page on B hears of the sign-out from its own node only.
        await using var person = await browser.OpenAsync(address: a.Address);
        var onA = await person.OpenTabAsync("/api/auth/signin/google?callbackUrl=/notes");
        await Person.PressAsync(onA, "Continue with Google");
        await Person.ChooseAsync(onA);
        await onA.WaitForURLAsync("**/notes");
        var onB = await person.OpenTabAsync(new Uri(b.Address, "/notes").AbsoluteUri);
        await Assertions.Expect(onB.Locator(".ba-menu[data-ba-live]")).ToBeVisibleAsync();
        await Assertions.Expect(onB.GetByLabel("New note")).ToBeVisibleAsync();

        await Person.OpenMenuAsync(onA);
        var signedOut = await onA.RunAndWaitForResponseAsync(
            () => Person.PressAsync(onA, "Sign out"), answer => answer.Request.Method == "POST" && answer.Url.EndsWith("/api/auth/signout", StringComparison.Ordinal));
        var since = Stopwatch.GetTimestamp();

        // Promised: one second.
        await Assertions.Expect(onB.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("You are signed out", new() { Timeout = 5_000 });
        await Assertions.Expect(onB.GetByLabel("New note")).ToHaveCountAsync(0);
        TestContext.Current.TestOutputHelper!.WriteLine($"{kind}: covered {Stopwatch.GetElapsedTime(since).TotalMilliseconds:0} ms after the answer to the sign-out");
        Assert.True(signedOut.Status is 302 or 303);
    }
}
