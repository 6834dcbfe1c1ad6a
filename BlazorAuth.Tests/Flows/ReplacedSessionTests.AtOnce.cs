namespace BlazorAuth.Tests.Flows;

/// <summary>Sign-ins that meet: in two tabs, or on two nodes.</summary>
public sealed partial class ReplacedSessionTests
{
    [Fact]
    public async Task TwoTabsThatSignInAtOnceGetOneSession()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var ada = app.CreateBrowser();
        await ada.SignInAsync(fake, "acme");
        var first = fake.Answer((await ada.StartSignInAsync("acme")).Location!);
        var second = fake.Answer((await ada.StartSignInAsync("acme")).Location!);
        // What the browser sends with the second answer before it has the first one's cookie.
        using var tab = app.CreateBrowser();
        ada.Cookies.CopyTo(tab.Cookies);

        Assert.Equal("Ada Lovelace", (await ada.ArriveAsync(first)).Text);
        app.Clock.Advance(Grace - TimeSpan.FromSeconds(1));
        Assert.Equal("Ada Lovelace", (await tab.ArriveAsync(second)).Text);

        Assert.Equal((await RowAsync(app, ada)).Id, (await RowAsync(app, tab)).Id);
        Assert.Single(await SessionsAsync(app, ada));
        app.Clock.Advance(Grace);
        Assert.Equal("Ada Lovelace", await ada.NameAsync());
        Assert.Equal("Ada Lovelace", await tab.NameAsync());
    }

    [Fact]
    public async Task WhoConfirmsInOneTabAndSignsInAnotherIsFreshInTheOneThatWasAskedLast()
    {
        await using var app = await StartAsync();
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        app.Clock.Advance(Within);
        using var tab = app.CreateBrowser();
        var confirming = await ada.PressAsync(await ada.OpenAsync("/danger"));
        ada.Cookies.CopyTo(tab.Cookies);
        await tab.SignInAsync("google");
        Assert.Equal("/api/auth/signin/google", (await tab.OpenAsync("/danger")).Address.AbsolutePath);

        Assert.Equal("done", (await ada.ChooseAsync(confirming)).Text);

        Assert.NotEqual((await RowAsync(app, tab)).Id, (await RowAsync(app, ada)).Id);
        Assert.Equal("/api/auth/signin/google", (await tab.OpenAsync("/danger")).Address.AbsolutePath);
        Assert.Single(await SessionsAsync(app, ada));
        app.Clock.Advance(Grace);
        Assert.Equal("null", await tab.SessionAsync());
    }

    // A node that has not heard of it yet finds the row replaced when it is about to renew it.
    [Fact]
    public async Task ANodeThatHasNotHeardOfItTakesNobodysCookie()
    {
        await using var app = await StartAsync();
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        app.Clock.Advance(TimeSpan.FromDays(1));
        var row = await RowAsync(app, ada);
        await app.Store.ReplaceAsync(row with { Id = "of-another-node" }, row.Id, Grace, app.Clock.GetUtcNow().AddDays(1), Token);

        for (var i = 0; i < 2; i++)
        {
            var read = await ada.FetchAsync(HttpMethod.Get, "/api/auth/session");
            Assert.Contains("Ada Lovelace", read.Text, StringComparison.Ordinal);
            var update = await ada.FetchFormAsync("/api/auth/session", []);
            Assert.Contains("Ada Lovelace", update.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(read.SetCookies.Concat(update.SetCookies), cookie => cookie.StartsWith(AuthApp.SessionCookie, StringComparison.Ordinal));
        }

        app.Clock.Advance(Grace);
        Assert.Equal("null", await ada.SessionAsync());
    }
}
