using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Tests.Identity;

/// <summary>What stops the start of an app with Identity, and what no order of the calls changes.</summary>
public sealed class IdentitySetupTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [Fact]
    public async Task WithoutTheCallTheStartNamesTheLine()
    {
        using var database = new SqliteConnection("DataSource=:memory:");
        var exception = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup => setup.Services = services => IdentityApp.AddIdentity(services, database)));
        Assert.Contains("AddBlazorAuth().AddIdentityAccounts<IdentityUser>()", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAppThatForwardsIdentitysSchemeByItselfStarts()
    {
        using var database = new SqliteConnection("DataSource=:memory:");
        await using var app = await AuthApp.StartAsync(setup => setup.Services = services =>
        {
            IdentityApp.AddIdentity(services, database);
            services.ConfigureApplicationCookie(options => options.ForwardDefault = "BlazorAuth");
        });
    }

    [Fact]
    public async Task TwoWhoDecideOnIdsStopTheStart()
    {
        var exception = await Assert.ThrowsAsync<AuthSetupException>(() => IdentityApp.StartAsync(setup =>
            setup.Options = options => options.Callbacks.OnAccount = context => ValueTask.FromResult(AccountDecision.User("1"))));
        Assert.Contains("AddIdentityAccounts<IdentityUser>()", exception.Message, StringComparison.Ordinal);
    }

    // The platform would read no Events then.
    [Theory]
    [InlineData("Identity.External")]
    [InlineData("Identity.TwoFactorUserId")]
    [InlineData("Identity.TwoFactorRememberMe")]
    public async Task ACookieWhoseEventsAreOfATypeStopsTheStart(string scheme)
    {
        var exception = await Assert.ThrowsAsync<AuthSetupException>(() => IdentityApp.StartAsync(setup =>
            setup.Services += services => services.Configure<CookieAuthenticationOptions>(scheme, options => options.EventsType = typeof(CookieAuthenticationEvents))));
        Assert.Contains(scheme, exception.Message, StringComparison.Ordinal);
    }

    // Methods that are overridden call no delegates.
    [Fact]
    public async Task SoDoEventsWithMethodsOfTheirOwn()
    {
        var exception = await Assert.ThrowsAsync<AuthSetupException>(() => IdentityApp.StartAsync(setup =>
            setup.Services += services => services.Configure<CookieAuthenticationOptions>(IdentityConstants.ExternalScheme, options => options.Events = new OwnEvents())));
        Assert.Contains(nameof(OwnEvents), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatChangesAnAccountWithoutARecentSignInIsNamedAtTheStart()
    {
        await using var app = await IdentityApp.StartAsync(setup => setup.Map += host =>
        {
            host.MapPost("/Account/Manage/DownloadPersonalData", () => "");
            host.MapPost("/Account/Manage/LinkExternalLogin", () => "").RequireFresh(TimeSpan.FromMinutes(15));
            host.MapGet("/manage/products", () => "");
        });
        var line = Assert.Single(app.App.Logs.All, line => line.Event.Id == 729);
        Assert.Contains("Identity's /Account/Manage/DownloadPersonalData, which", line.Text, StringComparison.Ordinal);
    }

    /// <summary>Redis keeps no users, and where Identity has them it need not.</summary>
    [Fact]
    public async Task SessionsOnRedisNeedNoAccountStore()
    {
        var store = "redis:" + await redis.CreateDatabaseAsync();
        await using var app = await IdentityApp.StartAsync(setup => setup.Settings["AUTH_STORE"] = store);
        using var browser = await app.SignInAsync(await app.CreateAsync("ada@example.com"));
        Assert.Equal("ada@example.com", await browser.NameAsync());
    }

    /// <summary>The template's provider would look for a stamp that the principal does not have, and would not notice when a session ends.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheTemplatesStateProviderIsReplacedInBothOrders(bool isFirst)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["AUTH_STORE"] = "memory";
        builder.Configuration["AUTH_SECRET"] = AuthApp.Secret;
        builder.Configuration["AUTH_URL"] = "https://app.example";
        using var database = new SqliteConnection("DataSource=:memory:");
        if (isFirst)
        {
            builder.Services.AddBlazorAuth().AddIdentityAccounts<IdentityUser>();
        }

        builder.Services.AddScoped<AuthenticationStateProvider, TemplateStateProvider>();
        IdentityApp.AddIdentity(builder.Services, database);
        if (!isFirst)
        {
            builder.Services.AddBlazorAuth().AddIdentityAccounts<IdentityUser>();
        }

        await using var app = builder.Build();
        await using var scope = app.Services.CreateAsyncScope();
        Assert.IsType<SessionStateProvider>(scope.ServiceProvider.GetRequiredService<AuthenticationStateProvider>());
        Assert.Equal("BlazorAuth", (await app.Services.GetRequiredService<IAuthenticationSchemeProvider>().GetDefaultAuthenticateSchemeAsync())!.Name);
        await using var users = app.Services.CreateAsyncScope();
        Assert.IsType<StampedUserManager<IdentityUser>>(users.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>());
    }

    /// <summary>The other way to add Identity names its scheme for everything.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SchemesOfAddIdentityLeadHereInBothOrders(bool isFirst)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["AUTH_STORE"] = "memory";
        builder.Configuration["AUTH_SECRET"] = AuthApp.Secret;
        builder.Configuration["AUTH_URL"] = "https://app.example";
        if (isFirst)
        {
            builder.Services.AddBlazorAuth().AddIdentityAccounts<IdentityUser>();
        }

        builder.Services.AddDbContext<IdentityDbContext>().AddIdentity<IdentityUser, IdentityRole>().AddEntityFrameworkStores<IdentityDbContext>();
        if (!isFirst)
        {
            builder.Services.AddBlazorAuth().AddIdentityAccounts<IdentityUser>();
        }

        await using var app = builder.Build();
        var schemes = app.Services.GetRequiredService<IAuthenticationSchemeProvider>();
        Assert.Equal("BlazorAuth", (await schemes.GetDefaultAuthenticateSchemeAsync())!.Name);
        Assert.Equal("BlazorAuth", (await schemes.GetDefaultChallengeSchemeAsync())!.Name);
        Assert.Equal(IdentityConstants.ExternalScheme, (await schemes.GetDefaultSignInSchemeAsync())!.Name);
        await using var scope = app.Services.CreateAsyncScope();
        Assert.IsType<StampedUserManager<IdentityUser>>(scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>());
    }

    /// <summary>A host that does not announce when it is built cannot be helped in the one order: the start fails and says so.</summary>
    [Fact]
    public async Task WhereItCannotBeReplacedTheStartNamesTheLine()
    {
        var host = Host.CreateDefaultBuilder().ConfigureServices(services =>
        {
            services.AddLogging();
            services.AddScoped<AuthenticationStateProvider, TemplateStateProvider>();
            services.AddSingleton<IdentityBridge>();
        }).Build();
        var exception = await Assert.ThrowsAsync<AuthSetupException>(() => host.Services.GetRequiredService<IdentityBridge>().StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("AddScoped<AuthenticationStateProvider, TemplateStateProvider>()", exception.Message, StringComparison.Ordinal);
    }

    private sealed class TemplateStateProvider(ILoggerFactory loggers) : RevalidatingServerAuthenticationStateProvider(loggers)
    {
        protected override TimeSpan RevalidationInterval => TimeSpan.FromMinutes(30);

        protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) => Task.FromResult(false);
    }

    private sealed class OwnEvents : CookieAuthenticationEvents
    {
        public override Task ValidatePrincipal(CookieValidatePrincipalContext context) => Task.CompletedTask;
    }
}
