using System.Security.Claims;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAuth.Tests.Accounts;

/// <summary>Who gets no session: banned users, lost accounts, and everybody while the store is down.</summary>
public sealed partial class AccountSignInTests
{
    // The takeover by an account that was lost: whoever comes with it must not become the person who gave it up.
    [Theory]
    [InlineData("disconnected")]
    [InlineData("deleted")]
    public async Task WhoComesWithALostAccountIsSomebodyNew(string how)
    {
        await using var app = await AuthApp.StartAsync();
        var ada = await IdAsync(app, "google");
        var account = (await Store(app).ListAccountsAsync(ada, Token))[0];
        await Store(app).LinkAsync(account with { Issuer = "https://other.example" }, Token);
        _ = how == "deleted" ? await Store(app).DeleteAsync(ada, Token) : await Store(app).UnlinkAsync(ada, account.Issuer, account.Subject, Token) == UnlinkResult.Unlinked;
        if (await Store(app).FindUserAsync(ada, Token) is { DeletedAt: null } user)
        {
            // As long as the address is theirs, whoever comes is sent to the way that is left.
            Assert.Equal("ConfirmToLink", (await SignInAsync(app, "google")).Page.Query("reason"));
            await Store(app).UpdateProfileAsync(user with { Email = "new@example.com" }, Token);
        }

        var thief = await IdAsync(app, "google");

        Assert.NotEqual(ada, thief);
        Assert.NotEqual(account.DefaultUserId, thief);
        Assert.Equal(thief, await IdAsync(app, "google"));
    }

    [Theory]
    [InlineData("google")]
    [InlineData("password")]
    [InlineData("app")]
    public async Task ABannedUserGetsNoSessionByAnyWay(string way)
    {
        await using var app = await StartWithAllWaysAsync();
        await SignInAsync(app, way);
        var id = (await Store(app).SearchAsync("", 10, null, Token))[0].Id;
        await Store(app).BanAsync(id, app.Clock.GetUtcNow().AddDays(1), "spam", Token);

        var (page, session) = await SignInAsync(app, way);

        Assert.Equal("null", session);
        Assert.Contains(way == "app" ? "Banned" : "Your account is suspended", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("spam", page.Text, StringComparison.Ordinal);
        Assert.Empty((await app.Sessions.ListAsync(id, Token)).Skip(1));

        app.Clock.Advance(TimeSpan.FromDays(1));
        Assert.NotEqual("null", (await SignInAsync(app, way)).Session);
    }

    // A ban that comes after the gate has asked: the row is written, and nobody gets its cookie.
    [Theory]
    [InlineData("google", false)]
    [InlineData("google", true)]
    [InlineData("password", false)]
    [InlineData("password", true)]
    [InlineData("app", false)]
    [InlineData("app", true)]
    public async Task WhoIsBannedOrDeletedWhileSigningInGetsNoSession(string way, bool isDeleted)
    {
        StrikingStore store = null!;
        await using var app = await StartWithAllWaysAsync(setup =>
        {
            store = new StrikingStore(new MemorySessionStore(setup.Clock));
            setup.Services = services => services.AddSingleton<ISessionStore>(store);
        });
        store.OnCreate = async userId =>
        {
            _ = isDeleted ? await Store(app).DeleteAsync(userId, Token) : await Store(app).BanAsync(userId, app.Clock.GetUtcNow().AddDays(1), null, Token);
        };

        var (page, session) = await SignInAsync(app, way);

        Assert.Equal("null", session);
        Assert.True(way == "app" || page.Address.AbsolutePath == "/api/auth/error", page.Address.ToString());
        var user = Assert.Single(store.Created);
        Assert.Empty(await app.Sessions.ListAsync(user, Token));
        Assert.Equal(("", null), (Assert.Single(await app.Store.ListHistoryAsync(user, 10, null, Token)) is { } left) ? (left.Content, left.Device) : default);
        store.OnCreate = null;
    }

    [Fact]
    public async Task AStoreThatIsDownLetsNobodyInAndLeavesNothingHalfMade()
    {
        FaultyAccounts accounts = null!;
        await using var app = await AuthApp.StartAsync(setup => setup.Providers = builder =>
        {
            builder.AddGoogle().AddAccounts<FaultyAccounts>();
            builder.Services.AddSingleton(provider => accounts = new FaultyAccounts(new MemoryAccountStore(provider.GetRequiredService<TimeProvider>())));
            builder.Services.AddSingleton<IAccountStore>(provider => provider.GetRequiredService<FaultyAccounts>());
        });
        accounts.IsDown = true;
        using var browser = app.CreateBrowser();

        var page = await browser.SignInAsync("google");

        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, page.Status);
        Assert.Equal("null", await browser.SessionAsync());
        accounts.IsDown = false;
        Assert.True(await accounts.IsEmptyAsync(Token));
        Assert.Equal("Ada Lovelace", (await browser.SignInAsync("google")).Text);
    }

    // The session is written, and whether its user may have it nobody can say, or nobody waits for any more.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ASessionWhoseLastQuestionFailsEnds(bool isGivenUp)
    {
        StrikingStore store = null!;
        FaultyAccounts accounts = null!;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Services = services => services.AddSingleton<ISessionStore>(store = new StrikingStore(new MemorySessionStore(setup.Clock)));
            setup.Providers = builder => builder.AddGoogle().AddAccounts<FaultyAccounts>().Services.AddSingleton(
                accounts = new FaultyAccounts(new MemoryAccountStore(setup.Clock))).AddSingleton<IAccountStore>(accounts);
        });
        store.OnCreate = _ =>
        {
            accounts.Fault = isGivenUp ? new OperationCanceledException() : new SessionStoreException("The account store is switched off.");
            return Task.CompletedTask;
        };

        var (_, session) = await SignInAsync(app, "google");

        accounts.Fault = null;
        Assert.Equal("null", session);
        var user = Assert.Single(store.Created);
        Assert.Empty(await app.Sessions.ListAsync(user, Token));
        store.OnCreate = null;
        Assert.NotEqual("null", (await SignInAsync(app, "google")).Session);
    }

    [Fact]
    public async Task AnAccountStoreThatLostItsUsersLetsNobodyInWhileSessionsGoOn()
    {
        using var folder = new TempFolder();
        string cookie;
        await using (var app = await AuthApp.StartAsync(setup => Use(setup)))
        {
            using var browser = app.CreateBrowser();
            await browser.SignInAsync("google");
            cookie = browser.Cookies[AuthApp.SessionCookie]!;
            await app.Services.GetRequiredService<AccountLoss>().LookAsync(Token);
        }

        File.Delete(Path.Combine(folder.Path, "users.db"));
        await using var after = await AuthApp.StartAsync(setup => Use(setup));

        // No probe takes the node out, which would end the sessions.
        Assert.Equal(HealthStatus.Degraded, (await after.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token)).Status);
        Assert.Contains(after.Logs.Own, line => line.Event.Id == 704);
        using var kept = after.CreateBrowser();
        kept.Cookies[AuthApp.SessionCookie] = cookie;
        Assert.NotEqual("null", await kept.SessionAsync());
        using var other = after.CreateBrowser();
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await other.StartSignInAsync("google")).Status);

        void Use(AuthAppSetup setup)
        {
            setup.UseFile(folder);
            setup.Settings["AUTH_ACCOUNTS"] = "sqlite:users.db";
        }
    }

    [Fact]
    public async Task NobodyIsSentToAProviderWhileTheUsersCannotBeAsked()
    {
        FaultyAccounts accounts = null!;
        await using var app = await AuthApp.StartAsync(setup =>
            setup.Services = services => services.AddSingleton<IAccountStore>(accounts = new FaultyAccounts(new MemorySessionStore(setup.Clock).Accounts)));
        var upkeep = app.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<AccountUpkeep>().Single();
        accounts.IsDown = true;
        await upkeep.RunAsync(Token);
        using var browser = app.CreateBrowser();
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await browser.StartSignInAsync("google")).Status);

        accounts.IsDown = false;
        await upkeep.RunAsync(Token);
        Assert.NotEqual("null", (await SignInAsync(app, "google")).Session);
    }

    /// <summary>A session store in which something happens just before a session is written.</summary>
    private sealed class StrikingStore(ISessionStore inner) : ForwardingStore(inner)
    {
        public Func<string, Task>? OnCreate { get; set; }

        public List<string> Created { get; } = [];

        public override async Task<SessionRecord> CreateAsync(SessionRecord session, CancellationToken cancellationToken = default)
        {
            if (!EndOfAll.IsName(session.UserId))
            {
                Created.Add(session.UserId);
                await (OnCreate?.Invoke(session.UserId) ?? Task.CompletedTask);
            }

            return await base.CreateAsync(session, cancellationToken);
        }
    }
}
