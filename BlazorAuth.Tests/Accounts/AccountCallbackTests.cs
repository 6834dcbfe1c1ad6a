using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Snippets;

namespace BlazorAuth.Tests.Accounts;

/// <summary>One alone decides on ids: the account callback, a store of the app's, or the built-in one.</summary>
public sealed partial class AccountCallbackTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheCodeOfTheDocsGivesPeopleTheIdsOfTheAppsOwnTable()
    {
        using var folder = new TempFolder();
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Services = services => services.AddDbContext<ShopDb>(db => db.UseSqlite($"Data Source={Path.Combine(folder.Path, "shop.db")};Pooling=False"));
            setup.Options = Snippets.Accounts.OwnUsers;
        });
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<ShopDb>().Database.EnsureCreatedAsync(Token);
        }

        var ada = await IdAsync(app, "google");
        Assert.NotEqual(ada, await IdAsync(app, "google", "grace"));
        Assert.Equal(ada, await IdAsync(app, "google"));

        // Two providers of one person, and one list of devices.
        using (var adas = app.CreateBrowser())
        {
            await adas.SignInAsync("google");
            await ConnectAsync(adas);
        }

        Assert.Equal(ada, await IdAsync(app, "github"));
        Assert.Equal(4, (await app.Sessions.ListAsync(ada, Token)).Count);
        using (var graces = app.CreateBrowser())
        {
            await graces.SignInAsync("google", "grace");
            Assert.Equal("AccountOfSomebodyElse", (await ConnectAsync(graces)).Query("reason"));
        }

        await using (var scope = app.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
            Assert.Equal((2, 3), (await db.Users.CountAsync(Token), await db.Logins.CountAsync(Token)));
            (await db.Users.SingleAsync(user => user.Id == ada, Token)).IsBanned = true;
            await db.SaveChangesAsync(Token);
        }

        using var browser = app.CreateBrowser();
        var page = await browser.SignInAsync("google");
        Assert.Contains("Your account is suspended", page.Text, StringComparison.Ordinal);
        Assert.Equal("null", await browser.SessionAsync());
        Assert.True(await ((IAccountStoreSource)app.Store).Accounts.IsEmptyAsync(Token));

        static async Task<Page> ConnectAsync(Browser browser) =>
            await browser.ChooseAsync(await browser.PressAsync(await browser.OpenAsync("/api/auth/account"), "form[action$='connect/github'] button"));
    }

    // The id that it gave is in the session: the callback is not asked whose account of the app's own that id is.
    [Fact]
    public async Task WhomTheAppSignsInAgainStaysWhoTheyAre()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Options = options => options.Callbacks.OnAccount = context => ValueTask.FromResult(AccountDecision.User("of " + context.Issuer));
            setup.Map = host => host.MapPost("/again", (HttpContext http) => http.SignInAsync(http.User)).RequireAuthorization();
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");

        await browser.PostAsync("/again");

        Assert.Equal("of https://accounts.google.com", (await browser.FetchAsync(HttpMethod.Get, "/api/private")).Json!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task TheCallbackSeesWhatTheProviderVouchedForAndTheSignInCallbackItsAnswer()
    {
        AccountContext? seen = null;
        SignInContext? asked = null;
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options =>
        {
            options.Callbacks.OnAccount = context =>
            {
                seen = context;
                return ValueTask.FromResult(AccountDecision.User("mine", isNew: true));
            };
            options.Callbacks.OnSignIn = context =>
            {
                asked = context;
                return ValueTask.FromResult(SignInDecision.Allow);
            };
        });

        Assert.Equal("mine", await IdAsync(app, "google"));

        Assert.Equal(("https://accounts.google.com", "google", "ada@example.com"), (seen!.Issuer, seen.Provider, seen.VerifiedEmail));
        Assert.Equal(AccountRecord.DefaultUserIdOf(seen.Issuer, seen.Subject), seen.User.Id);
        Assert.NotEmpty(seen.Profile);
        Assert.Equal(("mine", true), (asked!.User.Id, asked.IsNewUser));
    }

    [Fact]
    public async Task AnIdThatNoStoreCanKeepLetsNobodyIn()
    {
        Assert.Equal(new string('x', 1024), AccountDecision.User(new string('x', 1024)).UserId);
        Assert.ThrowsAny<ArgumentException>(() => AccountDecision.User(new string('x', 1025)));
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Callbacks.OnAccount = _ => ValueTask.FromResult(AccountDecision.User("a\0")));
        using var browser = app.CreateBrowser();

        Assert.Equal("/api/auth/error", (await browser.SignInAsync("google")).Address.AbsolutePath);

        Assert.Contains(app.Logs.Own, line => line.Event.Id == 701);
        Assert.Equal("null", await browser.SessionAsync());
    }

    [Theory]
    [InlineData("verified", "ada@example.com", "ada@example.com")]
    [InlineData("unverified", null, null)]
    [InlineData("not said", "ada@example.com", null)]
    public async Task AnAddressThatNobodyVouchesForIsNotCalledVerified(string address, string? email, string? verified)
    {
        var seen = ("nothing", "nothing");
        var fake = new FakeProvider();
        fake.User["email_verified"] = address == "verified";
        if (address == "not said")
        {
            fake.User.Remove("email_verified");
        }

        await using var app = await fake.StartAppAsync(setup => setup.Options = options => options.Callbacks.OnAccount = context =>
        {
            seen = (context.User.Email!, context.VerifiedEmail!);
            return ValueTask.FromResult(AccountDecision.Deny());
        });
        using var browser = app.CreateBrowser();

        await browser.SignInAsync(fake, "work");

        Assert.Equal((email, verified), seen);
    }

    [Theory]
    [InlineData("denies")]
    [InlineData("throws")]
    [InlineData("times out")]
    public async Task ACallbackThatSaysNoOrThrowsLetsNobodyIn(string how)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Callbacks.OnAccount = _ => how switch
        {
            "throws" => throw new InvalidOperationException("cause-of-the-exception"),
            "times out" => throw new TaskCanceledException("cause-of-the-exception"),
            _ => ValueTask.FromResult(AccountDecision.Deny()),
        });
        using var browser = app.CreateBrowser();

        var page = await browser.SignInAsync("google");

        Assert.Equal((403, "/api/auth/error"), ((int)page.Status, page.Address.AbsolutePath));
        Assert.DoesNotContain("cause-of-the-exception", page.Text, StringComparison.Ordinal);
        Assert.Equal("null", await browser.SessionAsync());
        Assert.Equal(how != "denies", app.Logs.Own.Any(line => line.Event.Id == 701));
    }

    [Fact]
    public async Task AClassOfCallbacksDecidesByItsMethodAndOneWithoutTheMethodDoesNot()
    {
        await using var decides = await AuthApp.StartAsync(setup => setup.Providers = builder => builder.AddGoogle().AddCallbacks<Deciding>());
        await using var other = await AuthApp.StartAsync(setup => setup.Providers = builder => builder.AddGoogle().AddCallbacks<Other>());

        Assert.Equal("by-the-class", await IdAsync(decides, "google"));
        Assert.Equal(22, (await IdAsync(other, "google")).Length);
        Assert.False(await ((IAccountStoreSource)other.Store).Accounts.IsEmptyAsync(Token));
    }

    public static TheoryData<string, string> TwoWhoDecide => new()
    {
        { "callback and store", "AddAccounts<MemoryAccountStore>() and the account callback" },
        { "callback and off", "the account callback (AuthCallbacks.OnAccount) and AUTH_ACCOUNTS" },
        { "callback and named", "the account callback (AuthCallbacks.OnAccount) and AUTH_ACCOUNTS" },
        { "store and named", "AddAccounts<MemoryAccountStore>() and AUTH_ACCOUNTS" },
        { "redis", "such as Redis, keeps no users" },
        { "named redis", "AUTH_ACCOUNTS names Redis, which keeps no users" },
        { "named redis without its package", "AUTH_ACCOUNTS names Redis, which keeps no users" },
        { "nonsense", "AUTH_ACCOUNTS is not valid" },
    };

    [Theory]
    [MemberData(nameof(TwoWhoDecide))]
    public async Task TwoWhoDecideOrAStoreThatCannotStopTheStart(string how, string words)
    {
        var error = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup =>
        {
            if (how.Contains("callback", StringComparison.Ordinal))
            {
                setup.Options = options => options.Callbacks.OnAccount = _ => ValueTask.FromResult(AccountDecision.Deny());
            }

            if (how.Contains("store", StringComparison.Ordinal))
            {
                setup.Providers = builder => builder.AddGoogle().AddAccounts<MemoryAccountStore>();
            }

            setup.Settings["AUTH_ACCOUNTS"] = how switch
            {
                "callback and off" => "off",
                "named redis" or "named redis without its package" => "redis:localhost",
                "nonsense" => "mongo:x",
                _ when how.Contains("named", StringComparison.Ordinal) => "memory",
                _ => null,
            };
            setup.StorePackages = !how.EndsWith("without its package", StringComparison.Ordinal);
            setup.Settings["AUTH_STORE"] = how == "redis" ? "redis:127.0.0.1:1" : "memory";
        }));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> IdAsync(AuthApp app, string provider, string person = "ada")
    {
        using var browser = app.CreateBrowser();
        await browser.SignInAsync(provider, person);
        return await browser.UserIdAsync();
    }

    private sealed class Deciding : AuthCallbacks
    {
        public override ValueTask<AccountDecision> AccountAsync(AccountContext context) => ValueTask.FromResult(AccountDecision.User("by-the-class"));
    }

    private sealed class Other : AuthCallbacks
    {
        public override ValueTask<SignInDecision> SignInAsync(SignInContext context) => ValueTask.FromResult(SignInDecision.Allow);
    }
}
