using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.Accounts;

/// <summary>Bans and deletions of people who have no row yet: an Auth.js signed them in, or they did so before accounts were on.</summary>
public sealed class BannedAheadTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhoOnlySignsInAtAnAuthJsStaysOut(bool isDeleted)
    {
        var told = new List<string>();
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options =>
        {
            options.Session.AcceptAuthJsTokens = true;
            options.Events.OnUserBanned = context => Tell(told, context.UserId);
            options.Events.OnUserDeleted = context => Tell(told, context.UserId);
        });
        Assert.Equal("them", await WithAuthJsAsync(app));

        Assert.False(await (isDeleted ? Manager(app).DeleteAsync("them", Token) : Manager(app).BanAsync("them", app.Clock.GetUtcNow().AddDays(1), "spam", Token)));

        Assert.Equal(["them"], told);
        Assert.Empty(await app.Sessions.ListAsync("them", Token));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await WithAuthJsAsync(app));
        app.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(isDeleted ? null : "them", await WithAuthJsAsync(app));
    }

    [Fact]
    public async Task WhoIsSignedInFromBeforeAccountsStaysOutAndIsTheSameUserAfterwards()
    {
        var id = await IdWithoutAccountsAsync();
        await using var app = await AuthApp.StartAsync();
        await app.BeginSessionAsync(id);

        await Manager(app).BanAsync(id, DateTimeOffset.MaxValue, "spam", Token);
        Assert.Empty(await app.Sessions.ListAsync(id, Token));
        using var browser = app.CreateBrowser();
        var page = await browser.SignInAsync("google");

        Assert.Contains("Your account is suspended", page.Text, StringComparison.Ordinal);
        Assert.Empty(await Manager(app).ListAccountsAsync(id, Token));
        Assert.True(await Manager(app).UnbanAsync(id, Token));
        await browser.SignInAsync("google");
        Assert.Equal(id, await browser.UserIdAsync());
        Assert.Equal("google", Assert.Single(await Manager(app).ListAccountsAsync(id, Token)).Provider);
    }

    [Fact]
    public async Task WhoWasDeletedComesBackAsSomebodyNew()
    {
        var id = await IdWithoutAccountsAsync();
        await using var app = await AuthApp.StartAsync();
        await Manager(app).DeleteAsync(id, Token);

        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");

        Assert.NotEqual(id, await browser.UserIdAsync());
        Assert.NotEqual("null", await browser.SessionAsync());
    }

    // Neither by the button, nor because the provider is trusted with the address.
    [Fact]
    public async Task TheAccountJoinsNoOtherUser()
    {
        await using var linking = await Linking.StartAsync(options => options.Accounts.LinkVerifiedEmail("work"));
        using var browser = linking.App.CreateBrowser();
        var ada = await linking.SignInAsync(browser, "acme");
        var user = (await linking.Store.FindUserAsync(ada, Token))!;
        await linking.Store.UpdateProfileAsync(user with { Email = "ada@example.com", EmailVerifiedAt = linking.App.Clock.GetUtcNow() }, Token);
        (linking.Fake.User["email"], linking.Fake.User["email_verified"]) = ("ada@example.com", true);
        await linking.App.Services.GetRequiredService<AccountManager>().BanAsync(AccountRecord.DefaultUserIdOf(FakeProvider.Issuer, "42"), DateTimeOffset.MaxValue, null, Token);

        var connected = await linking.ConnectAsync(browser);
        using var another = linking.App.CreateBrowser();
        var page = await another.SignInAsync(linking.Fake, "work");

        Assert.Equal("OAuthAccountNotLinked", connected.Query("error"));
        Assert.Equal("Banned", page.Query("reason"));
        Assert.Single(await linking.Store.ListAccountsAsync(ada, Token));
    }

    [Fact]
    public async Task NorDoesOneThatWaitsForAYes()
    {
        await using var linking = await Linking.StartAsync();
        var store = linking.Store;
        using var browser = linking.App.CreateBrowser();
        var ada = await linking.SignInAsync(browser, "acme");
        var now = linking.App.Clock.GetUtcNow();
        var link = new PendingLink { Browser = "b", Issuer = "https://x", Subject = "1", Provider = "work", Email = "ada@example.com", CreatedAt = now, ExpiresAt = now.AddMinutes(5) };
        await store.KeepPendingAsync(link, Token);
        await linking.App.Services.GetRequiredService<AccountManager>().BanAsync(AccountRecord.DefaultUserIdOf("https://x", "1"), DateTimeOffset.MaxValue, null, Token);

        var result = await linking.App.Services.GetRequiredService<UnconfirmedLinks>().LinkAsync(link, ada, linking.App.Services, Token);

        Assert.Equal(LinkResult.OfSomebodyElse, result);
        Assert.Single(await store.ListAccountsAsync(ada, Token));
    }

    // The account that gave the user their ID may have been stolen since, and given up.
    [Fact]
    public async Task ABanGivesNoAccountBackThatWasGivenUp()
    {
        await using var linking = await Linking.StartAsync();
        using var browser = linking.App.CreateBrowser();
        var ada = await linking.SignInAsync(browser, "acme");
        await linking.ConnectAsync(browser);
        var first = (await linking.Store.ListAccountsAsync(ada, Token)).Single(account => account.DefaultUserId == ada);
        var manager = linking.App.Services.GetRequiredService<AccountManager>();
        Assert.Equal(UnlinkResult.Unlinked, await manager.UnlinkAsync(ada, first.Issuer, first.Subject, cancellationToken: Token));
        await manager.BanAsync(ada, DateTimeOffset.MaxValue, null, Token);
        await manager.UnbanAsync(ada, Token);

        using var thief = linking.App.CreateBrowser();
        Assert.NotEqual(ada, await linking.SignInAsync(thief, "acme"));
    }

    [Fact]
    public async Task WhoSignsInForTheFirstTimeMeanwhileIsBannedToo()
    {
        LateAccounts accounts = null!;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            var sessions = new MemorySessionStore(setup.Clock);
            setup.Services = services => services.AddSingleton<ISessionStore>(sessions).AddSingleton<IAccountStore>(accounts = new LateAccounts(sessions.Accounts));
        });
        var id = await IdWithoutAccountsAsync();
        using var browser = app.CreateBrowser();
        accounts.AfterBan = async () => await browser.SignInAsync("google");

        await Manager(app).BanAsync(id, DateTimeOffset.MaxValue, null, Token);

        Assert.Equal("null", await browser.SessionAsync());
        Assert.NotNull((await accounts.FindUserAsync(id, Token))!.BannedUntil);
    }

    // A store that lost its users must not look like one that has some: everybody would come back as a stranger.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AStoreThatLostItsUsersGetsNoneByABan(bool isDeleted)
    {
        var accounts = new MemoryAccountStore(TimeProvider.System);
        await using var app = await AuthApp.StartAsync(setup =>
        {
            var sessions = new MemorySessionStore(setup.Clock);
            Assert.True(sessions.TryUseAsync("blazorauth.accounts", setup.Clock.GetUtcNow().AddYears(1), Token).GetAwaiter().GetResult());
            setup.Services = services => services.AddSingleton<ISessionStore>(sessions).AddSingleton<IAccountStore>(accounts);
        });
        await app.BeginSessionAsync("ada", "s1");

        await Assert.ThrowsAsync<SessionStoreException>(() => isDeleted ? Manager(app).DeleteAsync("ada", Token) : Manager(app).BanAsync("ada", DateTimeOffset.MaxValue, null, Token));

        Assert.Empty(await app.Sessions.ListAsync("ada", Token));
        Assert.True(await accounts.IsEmptyAsync(Token));
    }

    private static async Task<string> IdWithoutAccountsAsync()
    {
        await using var before = await AuthApp.StartAsync(setup => setup.Options = options => options.Accounts.Enabled = false);
        using var browser = before.CreateBrowser();
        await browser.SignInAsync("google");
        return await browser.UserIdAsync();
    }

    /// <summary>Comes with a new token of the Auth.js, and returns the user's ID.</summary>
    private static async Task<string?> WithAuthJsAsync(AuthApp app)
    {
        using var browser = app.CreateBrowser();
        var now = app.Clock.GetUtcNow();
        browser.Cookies[AuthApp.SessionCookie] = new SessionToken(new SessionKeyRing([AuthApp.Secret])).Write(
            new JsonObject { ["name"] = "Kim", ["sub"] = "them" }, AuthApp.SessionCookie, now, now.AddHours(1));
        return await browser.SessionAsync() == "null" ? null : await browser.UserIdAsync();
    }

    private static AccountManager Manager(AuthApp app) => app.Services.GetRequiredService<AccountManager>();

    private static ValueTask Tell(List<string> told, string what)
    {
        told.Add(what);
        return ValueTask.CompletedTask;
    }

    /// <summary>Users of whom something becomes known right after a ban that met nobody.</summary>
    private sealed class LateAccounts(IAccountStore inner) : FaultyAccounts(inner), IAccountStore
    {
        public Func<Task>? AfterBan { get; set; }

        async Task<bool> IAccountStore.BanAsync(string userId, DateTimeOffset? until, string? reason, CancellationToken cancellationToken)
        {
            var isThere = await BanAsync(userId, until, reason, cancellationToken);
            if (AfterBan is { } act)
            {
                AfterBan = null;
                await act();
            }

            return isThere;
        }
    }
}
