using System.Text.Json.Nodes;
using BlazorAuth.Tests.Circuits;

namespace BlazorAuth.Tests.Accounts;

/// <summary>What apps and administrators do with users.</summary>
public sealed partial class AccountManagerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UsersAreFoundSearchedAndChanged()
    {
        await using var app = await AuthApp.StartAsync();
        var (ada, _) = await SignInAsync(app);
        var (grace, _) = await SignInAsync(app, "grace");
        var manager = Manager(app);

        Assert.Equal("Ada Lovelace", (await manager.FindAsync(ada, Token))!.Name);
        var account = Assert.Single(await manager.ListAccountsAsync(ada, Token));
        Assert.Equal(ada, (await manager.FindAsync(account.Issuer, account.Subject, Token))!.Id);
        Assert.Equal([ada], (await manager.SearchAsync("ADA", null, Token)).Select(user => user.Id));
        Assert.Equal([grace], (await manager.SearchAsync("grace@", null, Token)).Select(user => user.Id));
        var all = await manager.SearchAsync("", null, Token);
        Assert.Equal(2, all.Count);
        Assert.Equal([all[1]], await manager.SearchAsync("", all[0], Token));
        Assert.True(await manager.UpdateAsync(all[0] with { Name = "Augusta" }, Token));
        Assert.Equal("Augusta", (await manager.FindAsync(all[0].Id, Token))!.Name);
        Assert.Null(await manager.FindAsync("nobody", Token));
        Assert.False(await manager.UpdateAsync(all[0] with { Id = "nobody" }, Token));
    }

    [Fact]
    public async Task AWayToSignInIsGivenAndTakenAndTheAppIsTold()
    {
        var told = new List<string>();
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options =>
        {
            options.Events.OnAccountLinked = context => Tell(told, $"linked {context.Account.Provider}");
            options.Events.OnAccountUnlinked = context => Tell(told, $"unlinked {context.Account.Provider} of {context.Account.UserId}");
        });
        var (grace, byGitHub) = await SignInAsync(app, "grace", "github");
        var manager = Manager(app);
        var account = (await manager.ListAccountsAsync(grace, Token))[0];
        var second = account with { Issuer = "https://other.example", Provider = "work" };

        Assert.Equal(LinkResult.Linked, await manager.LinkAsync(second, Token));
        Assert.Equal(LinkResult.AlreadyLinked, await manager.LinkAsync(second, Token));
        using var here = byGitHub;
        Assert.NotEqual("null", await here.SessionAsync());
        Assert.Equal(UnlinkResult.Unlinked, await manager.UnlinkAsync(grace, account.Issuer, account.Subject, null, Token));
        Assert.Equal(UnlinkResult.LastOne, await manager.UnlinkAsync(grace, second.Issuer, second.Subject, null, Token));

        // Whoever holds the lost account may hold a session that began with it.
        Assert.Equal("null", await here.SessionAsync());
        Assert.Equal(["linked work", $"unlinked github of {grace}"], told);
    }

    [Fact]
    public async Task TheSessionAtHandStaysWhenItsWayIsTaken()
    {
        await using var app = await AuthApp.StartAsync();
        var (ada, browser) = await SignInAsync(app);
        using var here = browser;
        var (_, other) = await SignInAsync(app);
        using var there = other;
        var manager = Manager(app);
        var account = (await manager.ListAccountsAsync(ada, Token))[0];
        await manager.LinkAsync(account with { Issuer = "https://other.example" }, Token);
        var current = (await app.Sessions.ListAsync(ada, Token))[1];

        await manager.UnlinkAsync(ada, account.Issuer, account.Subject, current.Id, Token);

        Assert.Equal([current.Id], (await app.Sessions.ListAsync(ada, Token)).Select(session => session.Id));
    }

    [Fact]
    public async Task ABanEndsEverySessionAndLastsUntilItIsLifted()
    {
        var told = new List<string>();
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options =>
        {
            options.Events.OnUserBanned = context => Tell(told, $"banned {context.UserId} for {context.Reason}");
            options.Events.OnSessionRevoked = context => Tell(told, $"{context.Reason}");
        });
        var (ada, browser) = await SignInAsync(app);
        using var here = browser;

        Assert.True(await Manager(app).BanAsync(ada, DateTimeOffset.MaxValue, "spam", Token));

        Assert.Equal("null", await here.SessionAsync());
        Assert.Equal(["Banned", $"banned {ada} for spam"], told);
        Assert.Contains("Your account is suspended", (await here.SignInAsync("google")).Text, StringComparison.Ordinal);
        Assert.True(await Manager(app).UnbanAsync(ada, Token));
        Assert.Equal("Ada Lovelace", (await here.SignInAsync("google")).Text);
        Assert.False(await Manager(app).BanAsync("nobody", DateTimeOffset.MaxValue, null, Token));
        Assert.False(await Manager(app).UnbanAsync("nobody else", Token));
    }

    [Fact]
    public async Task ABanReachesOpenPagesAtOnce()
    {
        await using var node = await CircuitNode.StartAsync();
        var mine = await node.OpenAsync(await node.SignInAsync("s1"));
        var grace = await node.OpenAsync(await node.SignInAsync("s2", "grace"));

        var now = node.Clock.GetUtcNow();
        var account = new AccountRecord { Issuer = "https://id.example", Subject = "1", UserId = "ada", Provider = "work", LinkedAt = now, LastUsedAt = now };
        await node.Users.CreateAsync(new UserRecord { Id = "ada", CreatedAt = now, LastSeenAt = now }, account, Token);

        Assert.True(await node.Accounts.BanAsync("ada", DateTimeOffset.MaxValue, null, Token));

        Assert.False(mine.IsSignedIn);
        Assert.True(grace.IsSignedIn);
    }

    [Fact]
    public async Task ANewWayToSignInShowsInOpenPagesAtOnce()
    {
        await using var node = await CircuitNode.StartAsync();
        var mine = (await node.OpenAsync(await node.SignInAsync("s1"))).Settled();
        var grace = (await node.OpenAsync(await node.SignInAsync("s2", "grace"))).Settled();
        var now = node.Clock.GetUtcNow();
        var account = new AccountRecord { Issuer = "x", Subject = "y", UserId = "ada", Provider = "x", LinkedAt = now, LastUsedAt = now };
        await node.Users.CreateAsync(new UserRecord { Id = "ada", CreatedAt = now, LastSeenAt = now }, account, Token);

        await node.Accounts.LinkAsync(account with { Issuer = "z" }, Token);
        Assert.True((await mine.NewsAsync()).Identity!.IsAuthenticated);
        await node.Accounts.UnlinkAsync("ada", "x", "y", "s1", Token);
        Assert.True((await mine.NewsAsync()).Identity!.IsAuthenticated);

        Assert.False(grace.HasNews);
    }

    [Fact]
    public async Task AnExportHoldsWhatIsKeptOfTheUserAndNothingOfTheAdministrators()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Callbacks.OnToken = context =>
        {
            context.Claims["team"] = "blue";
            return ValueTask.FromResult(true);
        });
        var (ada, browser) = await SignInAsync(app);
        browser.Dispose();
        await SignInAsync(app, "grace");
        await Manager(app).BanAsync(ada, app.Clock.GetUtcNow().AddDays(1), "a reason of the administrators", Token);

        var export = (await Manager(app).ExportAsync(ada, Token))!;

        Assert.Equal((ada, "Ada Lovelace"), (export["user"]!["id"]!.GetValue<string>(), export["user"]!["name"]!.GetValue<string>()));
        Assert.Equal("google", Assert.Single(export["accounts"]!.AsArray())!["provider"]!.GetValue<string>());
        var session = Assert.Single(export["sessions"]!.AsArray())!;
        Assert.Equal("blue", session["claims"]!["team"]!.GetValue<string>());
        Assert.NotNull(session["revokedAt"]);
        Assert.DoesNotContain("a reason", export.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Hopper", export.ToJsonString(), StringComparison.Ordinal);
        Assert.Null(await Manager(app).ExportAsync("nobody", Token));
    }

    [Fact]
    public async Task ADeletedUserIsGoneAndCanComeBackOnlyAsSomebodyNew()
    {
        var told = new List<string>();
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Events.OnUserDeleted = context => Tell(told, context.UserId));
        var (ada, browser) = await SignInAsync(app);
        using var here = browser;

        Assert.True(await Manager(app).DeleteAsync(ada, Token));

        Assert.Equal("null", await here.SessionAsync());
        Assert.Null(await Manager(app).FindAsync(ada, Token));
        Assert.Empty(await Manager(app).SearchAsync("", null, Token));
        var row = Assert.Single(await app.Store.ListHistoryAsync(ada, 10, null, Token));
        Assert.Equal(("", null), (row.Content, row.Device));
        Assert.NotNull(row.RevokedAt);
        Assert.Equal([ada], told);
        Assert.False(await Manager(app).DeleteAsync("nobody", Token));

        var (again, next) = await SignInAsync(app);
        next.Dispose();
        Assert.NotEqual(ada, again);
    }

    [Fact]
    public async Task WithoutAnAccountStoreTheManagerSaysWhy()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Accounts.Enabled = false);

        Assert.Contains("AuthOptions.Accounts.Enabled", Assert.Throws<AuthSetupException>(() => Manager(app)).Message, StringComparison.Ordinal);
    }

    private static AccountManager Manager(AuthApp app) => app.Services.GetRequiredService<AccountManager>();

    private static async Task<(string Id, Browser Browser)> SignInAsync(AuthApp app, string person = "ada", string provider = "google")
    {
        var browser = app.CreateBrowser();
        await browser.SignInAsync(provider, person);
        return (await browser.UserIdAsync(), browser);
    }

    private static ValueTask Tell(List<string> told, string what)
    {
        told.Add(what);
        return ValueTask.CompletedTask;
    }
}
