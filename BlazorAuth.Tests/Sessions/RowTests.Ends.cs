namespace BlazorAuth.Tests.Sessions;

/// <summary>When a token or a session is over, and how long that is remembered.</summary>
public sealed partial class RowTests
{
    [Fact]
    public async Task ATokenIsNotBelievedBeyondItsOwnEndThoughItsSessionWasRenewed()
    {
        await using var app = await StartAsync(setup => setup.Settings["AUTH_SECRET_1"] = OldSecret);
        var live = await app.BeginSessionAsync("ada", "s1");
        var token = TestTicket.Cookie(live.With(live.IssuedAt, live.IssuedAt.AddHours(1)));
        using var browser = app.CreateBrowser();
        browser.Cookies[Cookie] = token;
        Assert.NotEqual("null", await browser.SessionAsync());
        var renewed = browser.Cookies[Cookie];
        app.Clock.Advance(TimeSpan.FromMinutes(61));

        browser.Cookies[Cookie] = token;
        Assert.Equal("null", await browser.SessionAsync());
        browser.Cookies[Cookie] = renewed;
        Assert.NotEqual("null", await browser.SessionAsync());
    }

    [Fact]
    public async Task WhatWasFoundAliveIsOverWithTheNewsOfItsEnd()
    {
        await using var app = await StartAsync(setup => setup.Settings["AUTH_SECRET_1"] = OldSecret);
        await app.BeginSessionAsync("ada", "s1");
        using var browser = app.CreateBrowser();
        var token = browser.Cookies[Cookie] = await ForgeryAsync(app, "s1", "ada");
        Assert.NotEqual("null", await browser.SessionAsync());
        await app.Sessions.RevokeAsync("ada", "s1", Token);

        for (var hour = 0; hour < 60; hour++)
        {
            browser.Cookies[Cookie] = token;
            Assert.Equal("null", await browser.SessionAsync());
            app.Clock.Advance(TimeSpan.FromHours(1));
            app.Services.GetRequiredService<KnownChanges>().Forget();
        }
    }

    [Fact]
    public async Task ARevocationIsRememberedAsLongAsATokenIsBelievedWithoutItsRow()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var token = browser.Cookies[Cookie];
        await browser.PostAsync("/api/auth/signout");
        var changes = app.Services.GetRequiredService<KnownChanges>();
        app.Clock.Advance(TimeSpan.FromHours(24));
        changes.Forget();
        Assert.Equal(1, changes.Count);

        app.Clock.Advance(TimeSpan.FromHours(2));
        changes.Forget();

        Assert.Equal(0, changes.Count);
        browser.Cookies[Cookie] = token;
        Assert.Equal("null", await browser.SessionAsync());
    }

    [Fact]
    public async Task OldRevocationsAreNotLoaded()
    {
        using var folder = new TempFolder();
        await using (var app = await StartAsync(setup => setup.UseFile(folder)))
        {
            await app.BeginSessionAsync("ada", "old");
            await app.BeginSessionAsync("ada", "young");
            await app.Sessions.RevokeAsync("ada", "old", Token);
        }

        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(26));
        await using var later = await StartAsync(setup => setup.UseFile(folder), setup => setup.Clock = clock);
        await later.Sessions.RevokeAsync("ada", "young", Token);
        await using var latest = await StartAsync(setup => setup.UseFile(folder), setup => setup.Clock = clock);
        var changes = latest.Services.GetRequiredService<KnownChanges>();

        Assert.Equal((null, true), (changes.Find("old"), changes.Find("young")?.Revoked));
        Assert.NotNull((await latest.Store.FindAsync("old", Token))!.RevokedAt);
    }
}
