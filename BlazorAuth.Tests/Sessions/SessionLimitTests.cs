using System.Text.Json.Nodes;
using BlazorAuth.Tests.Stores;
using Microsoft.AspNetCore.Builder;

namespace BlazorAuth.Tests.Sessions;

/// <summary>How many sessions one person may have, and that no call has to do with all of them at once.</summary>
public sealed partial class SessionLimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OneSessionTooManyEndsTheOneThatWasUsedLeastRecently()
    {
        var told = new List<(string Id, RevocationReason Reason)>();
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options =>
        {
            options.Session.MostPerUser = 3;
            options.Events.OnSessionRevoked = context =>
            {
                told.Add((context.SessionId, context.Reason));
                return ValueTask.CompletedTask;
            };
        });
        Browser[] browsers = [.. Enumerable.Range(0, 4).Select(_ => app.CreateBrowser())];
        var ids = new List<string>();
        foreach (var browser in browsers)
        {
            await browser.SignInAsync("google");
            ids.Add((string)TestTicket.Claims(browser.Cookies[AuthApp.SessionCookie]!, app.Clock.GetUtcNow())[AuthClaims.SessionId]!);
            app.Clock.Advance(TimeSpan.FromMinutes(2));

            // The first one is used again and again.
            await browsers[0].SessionAsync();
            await app.Services.GetRequiredService<StoreOutbox>().FlushSeenAsync(Token);
        }

        Assert.Equal([(ids[1], RevocationReason.TooMany)], told);
        Assert.Equal("null", await browsers[1].SessionAsync());
        foreach (var browser in (Browser[])[browsers[0], browsers[2], browsers[3]])
        {
            Assert.NotEqual("null", await browser.SessionAsync());
        }

        var devices = await browsers[3].OpenAsync("/api/auth/sessions");
        Assert.Equal(3, devices.Document.QuerySelectorAll(".ba-device").Length);
        Assert.Contains("You’re signed in on 3 devices, which is the most allowed.", devices.Document.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Signed out: too many devices", (await browsers[3].OpenAsync("/api/auth/account")).Text, StringComparison.Ordinal);
        Array.ForEach(browsers, browser => browser.Dispose());
    }

    // The new session is in the store by then: without its cookie it would be nobody's, and stay in the list.
    [Fact]
    public async Task WhoSignsInIsSignedInThoughTheStoreGoesDownBeforeTheOthersEnd()
    {
        OwnStore store = null!;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            store = new OwnStore(setup.Clock);
            setup.Services = services => services.AddSingleton<ISessionStore>(store);
            setup.Options = options => options.Session.MostPerUser = 1;
        });
        using var first = app.CreateBrowser();
        await first.SignInAsync("google");
        store.OnCall = name => _ = name == nameof(ISessionStore.LimitAsync) ? throw new SessionStoreException("down") : 0;
        using var second = app.CreateBrowser();

        await second.SignInAsync("google");

        Assert.NotEqual("null", await second.SessionAsync());
        Assert.NotEqual("null", await first.SessionAsync());
        Assert.Single(app.Logs.Own, line => line.Event.Name == "LimitPostponed");
        store.OnCall = _ => { };
        using var third = app.CreateBrowser();
        await third.SignInAsync("google");
        Assert.Equal(("null", "null"), (await first.SessionAsync(), await second.SessionAsync()));
    }

    [Fact]
    public async Task ThoseOfAnAuthJsEndFirstAndTheNewOneNever()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options =>
            (options.Session.MostPerUser, options.Session.AcceptAuthJsTokens) = (2, true));
        await app.BeginSessionAsync("u-kim", "own");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        using var first = app.CreateBrowser();
        using var second = app.CreateBrowser();
        first.Cookies[AuthApp.SessionCookie] = AuthJsToken(app);
        Assert.Equal("Kim", await first.NameAsync());
        second.Cookies[AuthApp.SessionCookie] = AuthJsToken(app);
        second.UserAgent = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0";
        Assert.Equal("Kim", await second.NameAsync());

        Assert.Equal("null", await first.SessionAsync());
        Assert.Equal("Kim", await second.NameAsync());
        Assert.Contains(await app.Sessions.ListAsync("u-kim", Token), session => session.Id == "own");
    }

    [Fact]
    public async Task AFloodOfSignInsKeepsFiftySessionsByDefaultAndZeroKeepsAll()
    {
        await using var app = await AuthApp.StartAsync();
        await using var without = await AuthApp.StartAsync(setup => setup.Options = options => options.Session.MostPerUser = 0);
        for (var i = 0; i < 120; i++)
        {
            await app.BeginSessionAsync();
            await without.BeginSessionAsync();
        }

        Assert.Equal(50, (await app.Store.ListAsync("ada", 1000, null, Token)).Count);
        Assert.Equal(120, (await without.Store.ListAsync("ada", 1000, null, Token)).Count);
    }

    // Whoever hangs up as soon as the row is written would otherwise have any number of them.
    [Fact]
    public async Task WhoClosesTheConnectionEveryTimeHasNoMoreSessions()
    {
        CancellationTokenSource hangUp = null!;
        HangingUp store = null!;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Options = options => options.Session.MostPerUser = 3;
            setup.Services = services => services.AddSingleton<ISessionStore>(store = new HangingUp(new MemorySessionStore(setup.Clock)));
            setup.Providers = builder => builder.AddCredentials("password", _ => ValueTask.FromResult(CredentialsResult.Accept(new SessionUser { Id = "kim" })));
            setup.Use = host => host.Use((http, next) =>
            {
                http.RequestAborted = http.Request.Path == "/api/auth/callback/password" ? hangUp.Token : http.RequestAborted;
                return next();
            });
        });
        for (var i = 0; i < 5; i++)
        {
            using var browser = app.CreateBrowser();
            using var each = hangUp = new CancellationTokenSource();
            store.OnCreated = hangUp.Cancel;
            await browser.FetchFormAsync("/api/auth/callback/password", []);
            app.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(5, store.Created);
        Assert.InRange((await app.Store.ListAsync("kim", 1000, null, Token)).Count, 0, 3);
    }

    [Fact]
    public async Task ALoweredLimitIsReachedWithTheNextSignIn()
    {
        using var folder = new TempFolder();
        await using (var app = await AuthApp.StartAsync(setup =>
        {
            setup.UseFile(folder);
            setup.Options = options => options.Session.MostPerUser = 0;
        }))
        {
            for (var i = 0; i < 330; i++)
            {
                await app.BeginSessionAsync();
            }
        }

        await using var lowered = await AuthApp.StartAsync(setup =>
        {
            setup.UseFile(folder);
            setup.Options = options => options.Session.MostPerUser = 5;
        });
        await lowered.BeginSessionAsync("ada", "newest");

        var left = await lowered.Store.ListAsync("ada", 1000, null, Token);
        Assert.Equal(5, left.Count);
        Assert.Contains(left, session => session.Id == "newest");
    }

    private static string AuthJsToken(AuthApp app) => new SessionToken(new SessionKeyRing([AuthApp.Secret])).Write(
        new JsonObject { ["name"] = "Kim", ["sub"] = "u-kim" }, AuthApp.SessionCookie, app.Clock.GetUtcNow(), app.Clock.GetUtcNow().AddHours(1));

    /// <summary>A store whose caller hangs up as soon as a session is written.</summary>
    private sealed class HangingUp(ISessionStore inner) : ForwardingStore(inner)
    {
        public Action OnCreated { get; set; } = () => { };

        public int Created { get; private set; }

        public override async Task<SessionRecord> CreateAsync(SessionRecord session, CancellationToken cancellationToken = default)
        {
            var record = await base.CreateAsync(session, cancellationToken);
            Created++;
            OnCreated();
            return record;
        }
    }
}
