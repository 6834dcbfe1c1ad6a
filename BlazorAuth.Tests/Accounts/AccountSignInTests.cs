using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAuth.Tests.Accounts;

/// <summary>Signing in with the built-in account store: who somebody is, in which order things happen, and who is kept out.</summary>
public sealed class AccountSignInTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheIdIsTheOneOfBeforeAndStaysAtEverySignIn()
    {
        await using var app = await AuthApp.StartAsync();

        var first = await IdAsync(app, "google");
        var second = await IdAsync(app, "google");

        Assert.Equal(first, second);
        var account = Assert.Single(await Store(app).ListAccountsAsync(first, Token));
        Assert.Equal((account.DefaultUserId, "google", "https://accounts.google.com"), (first, account.Provider, account.Issuer));
        var user = (await Store(app).FindUserAsync(first, Token))!;
        Assert.Equal(("Ada Lovelace", "ada@example.com"), (user.Name, user.Email));
        Assert.NotNull(user.EmailVerifiedAt);
    }

    [Fact]
    public async Task ThingsHappenInTheOrderOfTheContractAndANoWritesNothing()
    {
        var order = new List<string>();
        var allow = false;
        AuthApp app = null!;
        await using var started = app = await AuthApp.StartAsync(setup => setup.Options = options =>
        {
            options.Callbacks.OnSignIn = async context =>
            {
                order.Add($"signIn new={context.IsNewUser} stored={await IsStoredAsync(app, context.User.Id)}");
                return allow ? SignInDecision.Allow : SignInDecision.Deny;
            };
            options.Callbacks.OnToken = async context =>
            {
                if (context.Trigger == TokenTrigger.SignIn)
                {
                    order.Add($"token new={context.IsNewUser} stored={await IsStoredAsync(app, context.User!.Id)}");
                }

                return true;
            };
            options.Events.OnUserCreated = context =>
            {
                order.Add($"created {context.Account.Provider}");
                Assert.Equal(context.User.Id, context.Account.UserId);
                return ValueTask.CompletedTask;
            };
            options.Events.OnSignedIn = _ =>
            {
                order.Add("signedIn");
                return ValueTask.CompletedTask;
            };
        });
        using var browser = app.CreateBrowser();

        Assert.Equal("/api/auth/error", (await browser.SignInAsync("google")).Address.AbsolutePath);
        Assert.Equal(["signIn new=True stored=False"], order);
        Assert.True(await Store(app).IsEmptyAsync(Token));

        allow = true;
        order.Clear();
        await browser.SignInAsync("google");
        Assert.Equal(["signIn new=True stored=False", "created google", "token new=True stored=True", "signedIn"], order);

        order.Clear();
        using var again = app.CreateBrowser();
        await again.SignInAsync("google");
        Assert.Equal(["signIn new=False stored=True", "token new=False stored=True", "signedIn"], order);
    }

    [Fact]
    public async Task ASignInFillsWhatIsMissingAndOverwritesNothing()
    {
        await using var app = await AuthApp.StartAsync();
        var id = await IdAsync(app, "google");
        await Store(app).UpdateProfileAsync((await Store(app).FindUserAsync(id, Token))! with { Name = "Augusta", Image = null, EmailVerifiedAt = null }, Token);

        await IdAsync(app, "google");

        var user = (await Store(app).FindUserAsync(id, Token))!;
        Assert.Equal("Augusta", user.Name);
        Assert.NotNull(user.EmailVerifiedAt);
        await Store(app).UpdateProfileAsync(user with { Email = "other@example.com", EmailVerifiedAt = null }, Token);
        await IdAsync(app, "google");
        user = (await Store(app).FindUserAsync(id, Token))!;
        Assert.Equal(("other@example.com", null), (user.Email, user.EmailVerifiedAt));
    }

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

    [Theory]
    [InlineData("password")]
    [InlineData("app")]
    public async Task WhereTheAppNamesTheUserThatIsTheUsersId(string way)
    {
        await using var app = await StartWithAllWaysAsync();

        await SignInAsync(app, way);

        var user = Assert.Single(await Store(app).SearchAsync("", 10, null, Token));
        Assert.Equal("user-7", user.Id);
        Assert.StartsWith(way == "app" ? "app/" : "credentials/", Assert.Single(await Store(app).ListAccountsAsync("user-7", Token)).Issuer, StringComparison.Ordinal);
        await Store(app).DeleteAsync("user-7", Token);
        Assert.Equal("null", (await SignInAsync(app, way)).Session);
    }

    [Fact]
    public async Task TwoWaysThatNameOneUserAreOneUser()
    {
        await using var app = await StartWithAllWaysAsync();

        await SignInAsync(app, "password");
        await SignInAsync(app, "app");

        Assert.Equal(2, (await Store(app).ListAccountsAsync("user-7", Token)).Count);
        Assert.Equal(2, (await app.Sessions.ListAsync("user-7", Token)).Count);
    }

    [Fact]
    public async Task UsersOfRunningSessionsNeedNoRow()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        browser.Cookies[AuthApp.SessionCookie] = TestTicket.Cookie(await app.BeginSessionAsync("from-before"));

        Assert.NotEqual("null", await browser.SessionAsync());
        Assert.True(await Store(app).IsEmptyAsync(Token));
    }

    [Fact]
    public async Task SwitchedOffNobodyIsKept()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Accounts.Enabled = false);

        var id = await IdAsync(app, "google");

        Assert.Equal(22, id.Length);
        Assert.True(await ((IAccountStoreSource)app.Store).Accounts.IsEmptyAsync(Token));
    }

    [Fact]
    public async Task LastUseIsToldWithTheBatchAndNotAtTheSignIn()
    {
        await using var app = await AuthApp.StartAsync();
        var id = await IdAsync(app, "google");
        var created = (await Store(app).FindUserAsync(id, Token))!.LastSeenAt;
        app.Clock.Advance(TimeSpan.FromSeconds(10));
        await IdAsync(app, "google");
        Assert.Equal(created, (await Store(app).FindUserAsync(id, Token))!.LastSeenAt);

        await app.Services.GetRequiredService<AccountOutbox>().FlushAsync(Token);

        var account = (await Store(app).ListAccountsAsync(id, Token))[0];
        Assert.Equal(SessionLimits.ToMilliseconds(app.Clock.GetUtcNow()), account.LastUsedAt);
        Assert.True((await Store(app).FindUserAsync(id, Token))!.LastSeenAt > created);
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

    [Fact]
    public async Task AnAccountStoreThatLostItsUsersIsUnhealthyAndLetsNobodyInWhileSessionsGoOn()
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

        Assert.Equal(HealthStatus.Unhealthy, (await after.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token)).Status);
        Assert.Contains(after.Logs.Own, line => line.Event.Id == 704);
        using var kept = after.CreateBrowser();
        kept.Cookies[AuthApp.SessionCookie] = cookie;
        Assert.NotEqual("null", await kept.SessionAsync());
        using var other = after.CreateBrowser();
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await other.SignInAsync("google")).Status);

        void Use(AuthAppSetup setup)
        {
            setup.UseFile(folder);
            setup.Settings["AUTH_ACCOUNTS"] = "sqlite:users.db";
        }
    }

    private static IAccountStore Store(AuthApp app) => app.Services.GetRequiredService<IAccountStore>();

    private static async Task<bool> IsStoredAsync(AuthApp app, string id) => await Store(app).FindUserAsync(id, Token) is not null;

    /// <summary>Signs in with a new browser, and returns the user's id.</summary>
    private static async Task<string> IdAsync(AuthApp app, string provider)
    {
        using var browser = app.CreateBrowser();
        await browser.SignInAsync(provider);
        return (await browser.FetchAsync(HttpMethod.Get, "/api/private")).Json!["id"]!.GetValue<string>();
    }

    private static Task<AuthApp> StartWithAllWaysAsync(Action<AuthAppSetup>? more = null) => AuthApp.StartAsync(setup =>
    {
        setup.Providers = builder => builder.AddGoogle()
            .AddCredentials("password", _ => ValueTask.FromResult(CredentialsResult.Accept(new SessionUser { Id = "user-7", Name = "Ada" })));
        setup.Map = app => app.MapPost("/by-itself", async (HttpContext http) =>
        {
            try
            {
                await http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "user-7"), new Claim("name", "Ada")], "Kiosk")));
                return "in";
            }
            catch (SignInRefusedException exception)
            {
                return exception.Reason.ToString();
            }
        });
        more?.Invoke(setup);
    });

    private static async Task<(Page Page, string Session)> SignInAsync(AuthApp app, string way)
    {
        using var browser = app.CreateBrowser();
        var page = way switch
        {
            "app" => await browser.FetchAsync(HttpMethod.Post, "/by-itself"),
            "password" => await browser.PressAsync(await browser.OpenAsync("/api/auth/signin"), "form[action*=password] button"),
            _ => await browser.SignInAsync(way),
        };
        while (page.Location is not null)
        {
            page = await browser.OpenAsync(page.Location.ToString());
        }

        return (page, await browser.SessionAsync());
    }

    /// <summary>A session store in which something happens just before a session is written.</summary>
    private sealed class StrikingStore(ISessionStore inner) : ForwardingStore(inner)
    {
        public Func<string, Task>? OnCreate { get; set; }

        public List<string> Created { get; } = [];

        public override async Task<SessionRecord> CreateAsync(SessionRecord session, CancellationToken cancellationToken = default)
        {
            Created.Add(session.UserId);
            await (OnCreate?.Invoke(session.UserId) ?? Task.CompletedTask);
            return await base.CreateAsync(session, cancellationToken);
        }
    }
}
