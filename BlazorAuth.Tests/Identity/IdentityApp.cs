using System.Net;
using System.Security.Claims;
using BlazorAuth.Tests.Circuits;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace BlazorAuth.Tests.Identity;

/// <summary>An app with Identity's users in a database, BlazorAuth, a provider on another site, and endpoints in place of Identity's pages.</summary>
internal sealed partial class IdentityApp : IAsyncDisposable
{
    public const string Password = "Correct-Horse-7";

    private readonly SqliteConnection _database;

    private IdentityApp(AuthApp app, SqliteConnection database, FakeProvider provider) => (App, _database, Provider) = (app, database, provider);

    public AuthApp App { get; }

    public FakeProvider Provider { get; }

    public static async Task<IdentityApp> StartAsync(Action<AuthAppSetup>? more = null, Action<AuthIdentityOptions>? configure = null, Action<IdentityBuilder>? identity = null)
    {
        var database = new SqliteConnection("DataSource=:memory:");
        await database.OpenAsync(TestContext.Current.CancellationToken);
        var provider = new FakeProvider();
        var app = await AuthApp.StartAsync(setup =>
        {
            setup.StandIns = false;
            setup.Services = services => AddIdentity(services, database, identity);
            setup.Providers = builder => builder.AddIdentityAccounts<IdentityUser>(configure).AddGoogle(provider.UseFor).AddOpenIdConnect("Work", "Work", provider.UseFor);
            setup.Map = Map;
            more?.Invoke(setup);
        });
        var running = new IdentityApp(app, database, provider);
        await running.WithAsync<IdentityDbContext>(context => context.Database.EnsureCreatedAsync());
        return running;
    }

    /// <summary>One more provider, <c>tenants</c>, whose answers a test makes.</summary>
    public static Task<IdentityApp> StartWithTenantsAsync(OpenIdFake fake, Action<OpenIdConnectOptions>? configure = null) => StartAsync(setup =>
    {
        var (services, providers) = (setup.Services, setup.Providers);
        setup.Services = all =>
        {
            services?.Invoke(all);
            all.Configure<IdentityOptions>(options => options.SignIn.RequireConfirmedAccount = false);
        };
        setup.Settings["AUTH_TENANTS_ISSUER"] = "https://id.example";
        setup.Settings["AUTH_TENANTS_ID"] = "client";
        setup.Settings["AUTH_TENANTS_SECRET"] = OpenIdFake.Secret;
        setup.Providers = builder =>
        {
            providers(builder);
            builder.AddOpenIdConnect("tenants", "Tenants", options =>
            {
                options.BackchannelHttpHandler = fake;
                configure?.Invoke(options);
            });
        };
    });

    /// <summary>What the template does.</summary>
    public static void AddIdentity(IServiceCollection services, SqliteConnection database, Action<IdentityBuilder>? more = null)
    {
        services.AddAuthentication(options =>
        {
            options.DefaultScheme = IdentityConstants.ApplicationScheme;
            options.DefaultSignInScheme = IdentityConstants.ExternalScheme;
        }).AddIdentityCookies();
        services.AddDbContext<IdentityDbContext>(options =>
            _ = database.State == System.Data.ConnectionState.Open ? options.UseSqlite(database) : options.UseSqlite(database.ConnectionString));
        var builder = services.AddIdentityCore<IdentityUser>(options =>
        {
            options.SignIn.RequireConfirmedAccount = true;
            options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
        }).AddRoles<IdentityRole>().AddEntityFrameworkStores<IdentityDbContext>().AddSignInManager().AddDefaultTokenProviders();

        // What slows a thief down slows tests down.
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1);
        more?.Invoke(builder);
    }

    public async Task<IdentityUser> CreateAsync(string email, bool isConfirmed = true, params Claim[] claims)
    {
        var user = new IdentityUser { UserName = email, Email = email, EmailConfirmed = isConfirmed };
        await UsersAsync(async users =>
        {
            Assert.True((await users.CreateAsync(user, Password)).Succeeded);
            Assert.True((await users.AddClaimsAsync(user, claims)).Succeeded);
        });
        return user;
    }

    /// <summary>A user who can come with a provider, whose answers are of the app's time from now on.</summary>
    public async Task<IdentityUser> CreateLinkedAsync(string provider = "Work")
    {
        var user = await CreateAsync("ada@example.com");
        await ChangeAsync(user, (users, found) => users.AddLoginAsync(found, new UserLoginInfo(provider, "42", provider)));
        AnswersAsked(null);
        App.Clock.Advance(TimeSpan.FromSeconds(5));
        return user;
    }

    /// <summary>From now on the provider says that it asked the person so many seconds after now; null: it does not say.</summary>
    public void AnswersAsked(int? seconds) => Provider.ChangeIdToken = claims =>
    {
        var now = App.Clock.GetUtcNow();
        claims["exp"] = now.AddMinutes(5).ToUnixTimeSeconds();
        if (seconds is { } after)
        {
            claims["auth_time"] = now.AddSeconds(after).ToUnixTimeSeconds();
        }
    };

    /// <summary>Goes to a provider from a page of Identity's and comes back: the answer waits in a cookie.</summary>
    public async Task<Page> ArriveAsync(Browser browser, string provider = "Work") =>
        await browser.ArriveAsync(Provider.Answer((await browser.OpenAsync("/external?provider=" + provider)).Location!));

    /// <summary>Whether the person signed in less than five minutes ago.</summary>
    public static async Task<bool> IsFreshAsync(Browser browser) => (await browser.FetchAsync(HttpMethod.Get, "/sensitive")).Status == HttpStatusCode.OK;

    /// <summary>Gives a user a second factor, and returns a recovery code.</summary>
    public async Task<string> UseSecondFactorAsync(IdentityUser user)
    {
        var code = "";
        await ChangeAsync(user, async (users, found) =>
        {
            await users.ResetAuthenticatorKeyAsync(found);
            await users.SetTwoFactorEnabledAsync(found, true);
            code = (await users.GenerateNewTwoFactorRecoveryCodesAsync(found, 1))!.Single();
        });
        App.Clock.Advance(TimeSpan.FromSeconds(5));
        return code;
    }

    /// <inheritdoc cref="EndAsync(IServiceProvider, string)" />
    public Task EndAsync(string ends) => EndAsync(App.Services, ends);

    /// <summary>Ends all sessions of Ada ("sessions"), or gives her another stamp ("stamp"), or nothing ("none").</summary>
    public static async Task EndAsync(IServiceProvider services, string ends)
    {
        await using var scope = services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
        var user = (await users.FindByEmailAsync("ada@example.com"))!;
        await (ends switch
        {
            "stamp" => users.UpdateSecurityStampAsync(user),
            "sessions" => services.GetRequiredService<SessionManager>().RevokeUserAsync(user.Id, RevocationReason.SignedOut, TestContext.Current.CancellationToken),
            _ => Task.CompletedTask,
        });
    }

    /// <summary>Does something to a user, as another request or another program does.</summary>
    public Task ChangeAsync(IdentityUser user, Func<UserManager<IdentityUser>, IdentityUser, Task> change) =>
        UsersAsync(async users => await change(users, (await users.FindByIdAsync(user.Id))!));

    public Task UsersAsync(Func<UserManager<IdentityUser>, Task> use) => WithAsync(use);

    public async Task WithAsync<T>(Func<T, Task> use)
        where T : notnull
    {
        await using var scope = App.Services.CreateAsyncScope();
        await use(scope.ServiceProvider.GetRequiredService<T>());
    }

    /// <summary>A browser in which a user is signed in by password.</summary>
    public async Task<Browser> SignInAsync(IdentityUser user, bool remember = false)
    {
        var browser = App.CreateBrowser();
        Assert.Equal("Succeeded", (await browser.PostAsync($"/login?name={user.UserName}&remember={remember}")).Text);
        return browser;
    }

    /// <summary>A browser that came by a provider of ours; with a reason, or null for none, that has to fail.</summary>
    public async Task<Browser> ComeAsync(string provider, string? reason = "")
    {
        var browser = App.CreateBrowser();
        var page = await browser.ArriveAsync(Provider.Answer((await browser.StartSignInAsync(provider)).Location!));
        if (reason is "")
        {
            Assert.Equal("/page", page.Address.AbsolutePath);
        }
        else
        {
            Assert.NotNull(page.Query("error"));
            Assert.Equal(reason, page.Query("reason"));
        }

        return browser;
    }

    /// <summary>The page of a browser: a circuit that its cookie's principal began.</summary>
    public async Task<TestCircuit> OpenCircuitAsync(Browser browser, SessionStateProvider? state = null)
    {
        var id = (string?)(await browser.OpenAsync("/claims")).Json![AuthClaims.SessionId];
        var ticket = await App.Sessions.FindTicketAsync(id!, TestContext.Current.CancellationToken);
        var circuit = new TestCircuit(state ?? new SessionStateProvider(App.Services.GetRequiredService<CircuitSessions>()));
        circuit.State.SetAuthenticationState(TestTicket.State(ticket));
        await circuit.State.OpenAsync();
        Assert.True(circuit.IsSignedIn);
        return circuit.Settled();
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await _database.DisposeAsync();
    }
}
