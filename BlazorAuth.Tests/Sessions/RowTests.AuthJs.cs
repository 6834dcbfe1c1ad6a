namespace BlazorAuth.Tests.Sessions;

/// <summary>Tokens that an Auth.js with the same secret writes again.</summary>
public sealed partial class RowTests
{
    [Fact]
    public async Task ASignedOutSessionNeverComesBackHoweverOftenAnAuthJsWritesItsTokenAgain()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var copy = browser.Cookies[Cookie]!;
        await browser.PostAsync("/api/auth/signout");

        for (var day = 0; day < 100; day++)
        {
            browser.Cookies[Cookie] = copy = TestTicket.Reminted(copy, app.Clock.GetUtcNow());
            Assert.Equal("null", await browser.SessionAsync());
            app.Clock.Advance(TimeSpan.FromDays(1));
            await app.Store.RemoveExpiredAsync(app.Clock.GetUtcNow(), Token);
            app.Services.GetRequiredService<KnownChanges>().Forget();
        }
    }

    [Fact]
    public async Task AYoungTokenOfAnAuthJsWithoutARowIsNoSession()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        var issuedAt = app.Clock.GetUtcNow().AddHours(-25);
        var lost = TestTicket.Of("ada", issuedAt).With(issuedAt, issuedAt.AddDays(30)).From(new StoreMark(await StoreIdAsync(app), 1));
        browser.Cookies[Cookie] = TestTicket.Reminted(TestTicket.Cookie(lost), app.Clock.GetUtcNow());

        Assert.Equal("null", await browser.SessionAsync());
        Assert.Null(browser.Cookies[Cookie]);
    }

    [Fact]
    public async Task ASessionThatIsUsedAtAnAuthJsOnlyAgesAsUnused()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var copy = browser.Cookies[Cookie]!;
        for (var day = 0; day < 29; day++)
        {
            app.Clock.Advance(TimeSpan.FromDays(1));
            copy = TestTicket.Reminted(copy, app.Clock.GetUtcNow());
        }

        using var intime = app.CreateBrowser();
        intime.Cookies[Cookie] = copy;
        Assert.Equal("Ada Lovelace", (await intime.OpenAsync("/page")).Text);

        await using var other = await StartAsync();
        using var late = other.CreateBrowser();
        await late.SignInAsync("google");
        copy = late.Cookies[Cookie]!;
        other.Clock.Advance(TimeSpan.FromDays(29));
        copy = TestTicket.Reminted(copy, other.Clock.GetUtcNow());
        other.Clock.Advance(TimeSpan.FromDays(2));
        late.Cookies[Cookie] = TestTicket.Reminted(copy, other.Clock.GetUtcNow());
        Assert.Equal("null", await late.SessionAsync());
    }
}
