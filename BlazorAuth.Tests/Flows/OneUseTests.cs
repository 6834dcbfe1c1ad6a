using System.Net;
using BlazorAuth.Tests.Stores;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace BlazorAuth.Tests.Flows;

/// <summary>An answer of a provider signs in once, however often and on however many nodes it comes.</summary>
public sealed class OneUseTests
{
    // The provider redeems a code as often as it is asked, as some do.
    [Theory]
    [InlineData("acme")]
    [InlineData("google")]
    [InlineData("work")]
    public async Task OfFourAnswersAtOnceOneSignsIn(string provider)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        for (var round = 0; round < 5; round++)
        {
            var answer = fake.Answer((await browser.StartSignInAsync(provider)).Location!);
            var cookies = browser.Cookies.Header(answer, isCrossSitePost: false);
            fake.TokenRequests.Clear();

            var pages = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
                async () =>
                {
                    using var tab = app.CreateBrowser();
                    var message = tab.Message(HttpMethod.Get, answer, "cross-site");
                    message.Headers.TryAddWithoutValidation("Cookie", cookies);
                    return await tab.SendAsync(message);
                },
                TestContext.Current.CancellationToken)));

            var signedIn = Assert.Single(pages, page => page.SetCookies.Any(IsSession));
            Assert.Equal("/page", signedIn.Location!.AbsolutePath);
            Assert.Single(fake.TokenRequests);
            Assert.All(pages.Where(page => page != signedIn), page => Assert.Contains("reason=AlreadyUsed", page.Location!.Query, StringComparison.Ordinal));
        }
    }

    // How far the store's clock is ahead of the node's, or behind it.
    [Theory]
    [InlineData(60)]
    [InlineData(25)]
    [InlineData(-16)]
    public async Task TheStoresClockSaysHowLongAnAnswerIsRemembered(int minutes)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        var right = new FakeTimeProvider(app.Clock.GetUtcNow() + TimeSpan.FromMinutes(minutes));
        app.Services.GetRequiredService<SharedClock>().Saw(right.GetUtcNow());
        using var browser = new Browser(app.Address, app.CreateHandler(), right);
        var answer = fake.Answer((await browser.StartSignInAsync("acme")).Location!);
        var cookies = browser.Cookies.Header(answer, isCrossSitePost: false);
        var signedIn = new List<bool>();
        for (var i = 0; i < 3; i++)
        {
            using var tab = app.CreateBrowser();
            var message = tab.Message(HttpMethod.Get, answer, "cross-site");
            message.Headers.TryAddWithoutValidation("Cookie", cookies);
            signedIn.Add((await tab.SendAsync(message)).SetCookies.Any(IsSession));
        }

        Assert.Equal([true, false, false], signedIn);
    }

    [Fact]
    public async Task AnotherNodeKnowsThatAnAnswerWasUsed()
    {
        using var folder = new TempFolder();
        var fake = new FakeProvider();
        await using var first = await fake.StartAppAsync(setup => setup.UseFile(folder));
        await using var second = await fake.StartAppAsync(setup =>
        {
            setup.UseFile(folder);
            setup.Clock = first.Clock;
        });
        using var browser = first.CreateBrowser();
        using var other = second.CreateBrowser();
        var answer = fake.Answer((await browser.StartSignInAsync("acme")).Location!);
        browser.Cookies.CopyTo(other.Cookies);
        Assert.Equal("Ada Lovelace", (await browser.ArriveAsync(answer)).Text);

        var page = await other.ArriveAsync(answer);

        Assert.Equal((HttpStatusCode.BadRequest, "AlreadyUsed"), (page.Status, page.Query("reason")));
        Assert.Equal("null", await other.SessionAsync());
        Assert.Single(fake.TokenRequests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhoIsSignedInByTheFirstAnswerComesBackWithTheSecond(bool hasCorrelation)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        var answer = fake.Answer((await browser.StartSignInAsync("acme", "/page?to=here")).Location!);
        using var before = app.CreateBrowser();
        browser.Cookies.CopyTo(before.Cookies);
        await browser.ArriveAsync(answer);
        var session = browser.Cookies[AuthApp.SessionCookie];
        if (hasCorrelation)
        {
            // The browser sent the second before the answer to the first took its cookie away.
            before.Cookies[AuthApp.SessionCookie] = session;
        }

        var page = await (hasCorrelation ? before : browser).ArriveAsync(answer);

        Assert.Equal(("/page?to=here", "Ada Lovelace"), (page.Address.PathAndQuery, page.Text));
        Assert.Equal(session, browser.Cookies[AuthApp.SessionCookie]);
        Assert.Single(fake.TokenRequests);
    }

    // They were signed in before; the second answer to a flow that failed is none of theirs.
    [Fact]
    public async Task WhoWasSignedInBeforeIsToldThatTheAnswerWasUsed()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync(fake, "acme");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var answer = fake.Answer((await browser.StartSignInAsync("acme")).Location!);
        using var before = app.CreateBrowser();
        browser.Cookies.CopyTo(before.Cookies);
        fake.Faults["/token"] = FailedSignIn.Fault("500");
        await browser.ArriveAsync(answer);
        fake.Faults.Clear();

        Assert.Equal("AlreadyUsed", (await before.ArriveAsync(answer)).Query("reason"));
    }

    // A correlation cookie that somebody kept does not make an old state a new one.
    [Fact]
    public async Task AStateDoesNotOutliveTheTimeThatASignInMayTake()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        var answer = fake.Answer((await browser.StartSignInAsync("acme")).Location!);
        var kept = browser.Cookies.All.Single(cookie => cookie.Name.Contains("Correlation", StringComparison.Ordinal));
        app.Clock.Advance(TimeSpan.FromMinutes(15));
        browser.Cookies[kept.Name] = kept.Value;

        Assert.Equal("Expired", (await browser.ArriveAsync(answer)).Query("reason"));
        Assert.Empty(fake.TokenRequests);
    }

    [Theory]
    [InlineData("without correlation")]
    [InlineData("another browser")]
    [InlineData("another state")]
    [InlineData("foreign issuer")]
    public async Task NothingIsWrittenForStrangers(string how)
    {
        OwnStore store = null!;
        var used = 0;
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup =>
        {
            store = new OwnStore(setup.Clock) { OnCall = name => used += name == nameof(ISessionStore.TryUseAsync) ? 1 : 0 };
            setup.Services = services => services.AddSingleton<ISessionStore>(store);
        });
        using var browser = app.CreateBrowser();
        used = 0;
        var answer = fake.Answer((await browser.StartSignInAsync("google")).Location!, how == "foreign issuer" ? [("iss", "https://evil.example")] : []);
        var correlation = browser.Cookies.All.Single(cookie => cookie.Name.Contains("Correlation", StringComparison.Ordinal));
        using var stranger = app.CreateBrowser();
        switch (how)
        {
            case "without correlation":
                browser.Cookies.CopyTo(stranger.Cookies);
                stranger.Cookies[correlation.Name] = null;
                break;
            case "another browser":
                await stranger.StartSignInAsync("google");
                stranger.Cookies[correlation.Name] = correlation.Value;
                break;
            default:
                browser.Cookies.CopyTo(stranger.Cookies);
                break;
        }

        var page = await stranger.ArriveAsync(how == "another state" ? new Uri(answer.GetLeftPart(UriPartial.Path) + "?code=x&state=forged") : answer);

        Assert.Equal(("/api/auth/error", 0), (page.Address.AbsolutePath, used));
        Assert.Empty(fake.TokenRequests);
    }

    [Fact]
    public async Task WithASilentStoreNoCodeIsRedeemedAndThePageSaysSo()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup =>
        {
            FaultyStore.AddTo(setup, nameof(ISessionStore.TryUseAsync));
            // The users' store would use up a key of its own.
            setup.Settings["AUTH_ACCOUNTS"] = "off";
        });
        using var browser = app.CreateBrowser();

        var page = await browser.SignInAsync(fake, "acme");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "StoreUnavailable"), (page.Status, page.Query("reason")));
        Assert.Empty(fake.TokenRequests);
        Assert.Equal("null", await browser.SessionAsync());
        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.Contains("did not write the last sign-in", report.Entries["blazorauth"].Description, StringComparison.Ordinal);
    }

    private static bool IsSession(string cookie) => cookie.StartsWith(AuthApp.SessionCookie + "=e", StringComparison.Ordinal);
}
