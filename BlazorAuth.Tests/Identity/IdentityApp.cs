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
internal sealed class IdentityApp : IAsyncDisposable
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
        Provider.ChangeIdToken = claims => claims["exp"] = App.Clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds();
        App.Clock.Advance(TimeSpan.FromSeconds(5));
        return user;
    }

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

    private static void Map(WebApplication app)
    {
        app.MapPost("/login", async (string name, bool remember, SignInManager<IdentityUser> signIns) =>
            (await signIns.PasswordSignInAsync(name, Password, remember, lockoutOnFailure: true)).ToString());
        app.MapPost("/refresh", async (HttpContext http, SignInManager<IdentityUser> signIns) =>
            await signIns.RefreshSignInAsync((await signIns.UserManager.GetUserAsync(http.User))!));
        app.MapPost("/refresh-other", async (string name, SignInManager<IdentityUser> signIns) =>
            await signIns.RefreshSignInAsync((await signIns.UserManager.FindByNameAsync(name))!));
        app.MapPost("/password", async (HttpContext http, UserManager<IdentityUser> users) =>
            (await users.ChangePasswordAsync((await users.GetUserAsync(http.User))!, Password, Password + "!")).ToString());
        app.MapPost("/phone", async (string name, UserManager<IdentityUser> users) =>
            (await users.SetPhoneNumberAsync((await users.FindByNameAsync(name))!, "1")).ToString());
        app.MapPost("/profile", async (HttpContext http, UserManager<IdentityUser> users) => (await users.UpdateAsync((await users.GetUserAsync(http.User))!)).ToString());
        app.MapPost("/two-changes", async (HttpContext http, UserManager<IdentityUser> users, IdentityDbContext context) =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync();
            var user = (await users.GetUserAsync(http.User))!;
            var results = (await users.SetPhoneNumberAsync(user, "1"), await users.SetEmailAsync(user, "countess@example.com"));
            await transaction.CommitAsync();
            return results.ToString();
        });
        app.MapPost("/logout", (SignInManager<IdentityUser> signIns) => signIns.SignOutAsync());
        app.MapGet("/is-signed-in", (HttpContext http, SignInManager<IdentityUser> signIns) => signIns.IsSignedIn(http.User));
        app.MapGet("/claims", (HttpContext http) => http.User.Claims.GroupBy(claim => claim.Type).ToDictionary(group => group.Key, group => string.Join(',', group.Select(claim => claim.Value))));

        // What the template's pages do for an external login, and what they see afterwards.
        app.MapGet("/external", (string provider, string? named, SignInManager<IdentityUser> signIns, HttpContext http) => TypedResults.Challenge(
            signIns.ConfigureExternalAuthenticationProperties(named ?? provider, "/external/back", signIns.UserManager.GetUserId(http.User)), [provider]));
        app.MapGet("/external/back", async (SignInManager<IdentityUser> signIns, HttpContext http) =>
            await signIns.GetExternalLoginInfoAsync(signIns.UserManager.GetUserId(http.User)) is { } info
                ? $"{info.LoginProvider} {info.ProviderKey} {info.Principal.FindFirstValue(ClaimTypes.Email)}"
                : "nothing");
        app.MapPost("/external/sign-in", async (SignInManager<IdentityUser> signIns) => await signIns.GetExternalLoginInfoAsync() is { } info
            ? (await signIns.ExternalLoginSignInAsync(info.LoginProvider, info.ProviderKey, isPersistent: false, bypassTwoFactor: false)).ToString()
            : "no answer");
        app.MapPost("/second", async (string code, SignInManager<IdentityUser> signIns) => (await signIns.TwoFactorRecoveryCodeSignInAsync(code)).ToString());
        app.MapGet("/Account/Login", (string? returnUrl) => "log in: " + returnUrl).AllowAnonymous();
        app.MapGet("/Account/LoginWith2fa", async (string? returnUrl, SignInManager<IdentityUser> signIns) =>
            $"second factor of {(await signIns.GetTwoFactorAuthenticationUserAsync())?.UserName}: {returnUrl}");
    }
}
