using System.Net;
using BlazorAuth.Tests.Accounts;
using Microsoft.AspNetCore.Builder;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>POST account/disconnect</c>: one way less, never none.</summary>
public sealed class AccountDisconnectEndpointTests
{
    private const string Disconnect = "/api/auth/account/disconnect";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AWayIsDisconnectedAndTheLastOneStays()
    {
        await using var linking = await Linking.StartAsync();
        using var browser = linking.App.CreateBrowser();
        var id = await linking.SignInAsync(browser, "acme");
        Assert.Empty((await browser.OpenAsync("/api/auth/account")).Document.QuerySelectorAll("form[action$=disconnect]"));
        var connected = await linking.ConnectAsync(browser);
        using var elsewhere = linking.App.CreateBrowser();
        Assert.Equal(id, await linking.SignInAsync(elsewhere, "work"));
        var forms = connected.Document.QuerySelectorAll("form[action$=disconnect] button").Select(button => button.GetAttribute("aria-label"));
        Assert.Equal(["Disconnect Acme", "Disconnect Work"], forms);

        var page = await browser.PressAsync(connected, "[aria-label='Disconnect Work']");

        Assert.Contains("Disconnected.", page.Text, StringComparison.Ordinal);
        Assert.Equal("acme", Assert.Single(await linking.Store.ListAccountsAsync(id, Token)).Provider);
        Assert.Equal("null", await elsewhere.SessionAsync());
        Assert.NotEqual("null", await browser.SessionAsync());
        using var later = linking.App.CreateBrowser();
        Assert.NotEqual(id, await linking.SignInAsync(later, "work"));

        // A page that was open before still has the form.
        var last = await browser.PressAsync(connected, "[aria-label='Disconnect Acme']");
        Assert.Contains("only way to sign in", last.Text, StringComparison.Ordinal);
        Assert.Single(await linking.Store.ListAccountsAsync(id, Token));
    }

    // Two schemes of one provider lead to one account, and it has the name of the one that it came with first. So has a scheme that was renamed since.
    [Fact]
    public async Task WhoeverCameWithTheAccountByAnotherSchemeIsSignedOutToo()
    {
        var fake = new FakeProvider();
        fake.User.Remove("email_verified");
        await using var app = await fake.StartAppAsync(setup =>
        {
            var usual = setup.Providers!;
            setup.Providers = builder =>
            {
                usual(builder);
                builder.AddOpenIdConnect("again", "Work again", fake.UseFor);
            };
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync(fake, "acme");
        var connected = await browser.ArriveAsync(fake.Answer(await Linking.StartConnectAsync(browser)));
        using var thief = app.CreateBrowser();
        await thief.SignInAsync(fake, "again");
        using var other = app.CreateBrowser();
        await other.SignInAsync(fake, "acme");
        var user = await app.Services.GetRequiredService<AccountManager>().FindAsync(FakeProvider.Issuer, "42", Token);
        Assert.Equal(3, (await app.Sessions.ListAsync(user!.Id, Token)).Count);

        await browser.PressAsync(connected, "[aria-label='Disconnect Work']");

        Assert.Equal("null", await thief.SessionAsync());
        Assert.NotEqual("null", await other.SessionAsync());
    }

    // Somebody who has the lost account signs in once more, just before it is taken away; then the tab of its owner closes.
    [Fact]
    public async Task ATabThatIsClosedMeanwhileLeavesNoSessionOfTheAccount()
    {
        using var closed = new CancellationTokenSource();
        StrikingAccounts accounts = null!;
        await using var linking = await Linking.StartAsync(null, setup =>
        {
            var sessions = new MemorySessionStore(setup.Clock);
            accounts = new StrikingAccounts(sessions.Accounts);
            setup.Services = services => services.AddSingleton<ISessionStore>(sessions).AddSingleton<IAccountStore>(accounts);
            setup.Use = app => app.Use((http, next) =>
            {
                http.RequestAborted = http.Request.Path == Disconnect ? closed.Token : http.RequestAborted;
                return next();
            });
        });
        using var browser = linking.App.CreateBrowser();
        var id = await linking.SignInAsync(browser, "acme");
        await linking.ConnectAsync(browser);
        using var thief = linking.App.CreateBrowser();
        accounts.BeforeUnlink = () => linking.SignInAsync(thief, "work");
        accounts.AfterUnlink = closed.Cancel;

        await browser.FetchFormAsync(Disconnect, new() { ["account"] = (await linking.Store.ListAccountsAsync(id, Token))[1].DefaultUserId });

        Assert.Equal("acme", Assert.Single(await linking.Store.ListAccountsAsync(id, Token)).Provider);
        Assert.Equal("null", await thief.SessionAsync());
        Assert.NotEqual("null", await browser.SessionAsync());
    }

    // What one person asks for takes one place at the store, however often they press.
    [Fact]
    public async Task OneAtATimeIsDisconnectedForAPerson()
    {
        var (busy, most) = (0, 0);
        StrikingAccounts accounts = null!;
        await using var linking = await Linking.StartAsync(null, setup =>
        {
            var sessions = new MemorySessionStore(setup.Clock);
            accounts = new StrikingAccounts(sessions.Accounts);
            setup.Services = services => services.AddSingleton<ISessionStore>(sessions).AddSingleton<IAccountStore>(accounts);
        });
        using var browser = linking.App.CreateBrowser();
        var id = await linking.SignInAsync(browser, "acme");
        await linking.ConnectAsync(browser);
        var (reached, released) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        accounts.BeforeUnlink = async () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref busy));
            reached.TrySetResult();
            await released.Task;
            Interlocked.Decrement(ref busy);
        };
        var account = (await linking.Store.ListAccountsAsync(id, Token))[1].DefaultUserId;
        var tabs = Enumerable.Range(0, 3).Select(_ => linking.App.CreateBrowser()).ToList();
        tabs.ForEach(tab => browser.Cookies.CopyTo(tab.Cookies));

        var posts = tabs.Select(tab => tab.FetchFormAsync(Disconnect, new() { ["account"] = account })).ToList();
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);

        // Whoever is not them waits for nothing, and all their requests are on their way meanwhile.
        linking.Fake.User["id"] = 43;
        for (var i = 0; i < 20; i++)
        {
            using var bob = linking.App.CreateBrowser();
            await linking.SignInAsync(bob, "acme");
        }

        released.SetResult();
        await Task.WhenAll(posts);
        tabs.ForEach(tab => tab.Dispose());
        Assert.Equal(1, most);
        Assert.Single(await linking.Store.ListAccountsAsync(id, Token));
    }

    [Fact]
    public async Task NobodyDisconnectsSomebodyElseOrWithoutARecentSignIn()
    {
        await using var linking = await Linking.StartAsync();
        using var browser = linking.App.CreateBrowser();
        using var eve = linking.App.CreateBrowser();
        var id = await linking.SignInAsync(browser, "acme");
        await linking.ConnectAsync(browser);
        var account = (await linking.Store.ListAccountsAsync(id, Token))[1];
        linking.Fake.User["id"] = 43;
        await linking.SignInAsync(eve, "acme");

        var answer = await eve.FetchFormAsync(Disconnect, new() { ["account"] = account.DefaultUserId });
        Assert.Equal("?done=gone", answer.Location!.Query);
        browser.SendsCookiesFromEverySite = true;
        await browser.PostAsync(Disconnect, [new("account", account.DefaultUserId)], site: "cross-site");
        Assert.Equal(2, (await linking.Store.ListAccountsAsync(id, Token)).Count);
        linking.App.Clock.Advance(TimeSpan.FromMinutes(16));
        answer = await browser.FetchFormAsync(Disconnect, new() { ["account"] = account.DefaultUserId });
        Assert.StartsWith("/api/auth/signin/acme?fresh=true", answer.Location!.PathAndQuery, StringComparison.Ordinal);
        using var nobody = linking.App.CreateBrowser();
        Assert.Equal("/api/auth/signin", (await nobody.PostAsync(Disconnect)).Location!.AbsolutePath);
        Assert.Equal(2, (await linking.Store.ListAccountsAsync(id, Token)).Count);
    }

    [Fact]
    public async Task WhereNoUsersAreKeptThereIsNothingToDisconnect()
    {
        await using var linking = await Linking.StartAsync(options => options.Accounts.Enabled = false);
        using var browser = linking.App.CreateBrowser();
        await linking.SignInAsync(browser, "acme");

        Assert.Equal(HttpStatusCode.NotFound, (await browser.PostAsync(Disconnect)).Status);
    }

    /// <summary>Accounts around whose removal something happens.</summary>
    private sealed class StrikingAccounts(IAccountStore inner) : FaultyAccounts(inner), IAccountStore
    {
        public Func<Task> BeforeUnlink { get; set; } = () => Task.CompletedTask;

        public Action AfterUnlink { get; set; } = () => { };

        async Task<UnlinkResult> IAccountStore.UnlinkAsync(string userId, string issuer, string subject, CancellationToken cancellationToken)
        {
            await BeforeUnlink();
            var result = await UnlinkAsync(userId, issuer, subject, cancellationToken);
            AfterUnlink();
            return result;
        }
    }
}
