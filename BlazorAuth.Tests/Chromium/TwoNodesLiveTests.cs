using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>Two nodes of the app on one store, each in a process of its own, and a browser with a live page on the second: what happens on the first reaches it.</summary>
[Needs(Needs.Browser)]
public sealed class TwoNodesLiveTests(RealBrowser browser, PostgresServer postgres, RedisServer redis) : IClassFixture<RedisServer>
{
    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    public async Task ALivePageOnOneNodeIsCoveredByTheNewsOfTheSignOutOnTheOther(string kind)
    {
        var settings = new Dictionary<string, string?>
        {
            ["AUTH_STORE"] = kind == "redis" ? "redis:" + await redis.CreateDatabaseAsync() : "postgres:" + await postgres.CreateSchemaAsync(),
            ["AUTH_SECRET"] = AuthApp.Secret,
        };
        if (kind == "redis")
        {
            settings["AUTH_ACCOUNTS"] = "off";
        }

        await using var a = await BuiltApp.StartAsync(settings);

        // It does not look at the store by itself: what it is not told it does not know.
        await using var b = RealApp.Start(settings, auth => auth.Session.ReconcileInterval = TimeSpan.FromHours(1));

        // One browser: cookies go to every port of a host. Channels between tabs do not, so the page on B hears of the sign-out from its own node only.
        await using var person = await browser.OpenAsync(address: a.Address);
        var onA = await person.SignInAsync("/notes");
        var onB = await person.OpenTabAsync(new Uri(b.Address, "/notes").AbsoluteUri);
        await person.LiveAsync(onB);
        await Assertions.Expect(onB.GetByLabel("New note")).ToBeVisibleAsync();

        await person.OpenMenuAsync(onA);
        var signedOut = await onA.RunAndWaitForResponseAsync(
            () => person.PressAsync(onA, "Sign out"), answer => answer.Request.Method == "POST" && answer.Url.EndsWith("/api/auth/signout", StringComparison.Ordinal));

        await Assertions.Expect(onB.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("You’re signed out");
        await Assertions.Expect(onB.GetByLabel("New note")).ToHaveCountAsync(0);
        Assert.True(signedOut.Status is 302 or 303);
    }
}
