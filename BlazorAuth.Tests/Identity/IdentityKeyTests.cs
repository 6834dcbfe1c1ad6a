using BlazorAuth.Tests.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace BlazorAuth.Tests.Identity;

/// <summary>Where Identity's users have numbers or GUIDs as ids, other ids come along all the same: of sessions from before, and of an Auth.js with the same secret.</summary>
public sealed class IdentityKeyTests
{
    [Fact]
    public Task AnIdThatIsNoNumberIsNobodys() => AssertIsNobodyAsync<int>();

    [Fact]
    public Task AnIdThatIsNoGuidIsNobodys() => AssertIsNobodyAsync<Guid>();

    private static async Task AssertIsNobodyAsync<TKey>()
        where TKey : IEquatable<TKey>
    {
        await using var database = new SqliteConnection("DataSource=:memory:");
        await database.OpenAsync(TestContext.Current.CancellationToken);
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.StandIns = false;
            setup.Options = options => options.Session.AcceptAuthJsTokens = true;
            setup.Services = services => Add<TKey>(services, database);
            setup.Providers = builder => builder.AddIdentityAccounts<IdentityUser<TKey>>();
        });
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<Context<TKey>>().Database.EnsureCreatedAsync(TestContext.Current.CancellationToken);
        }

        using var adopted = app.CreateBrowser();
        adopted.Cookies[AuthApp.SessionCookie] = AdoptionTests.Token(app.Clock.GetUtcNow(), app.Clock.GetUtcNow().AddDays(1));
        Assert.Equal("nobody", (await adopted.OpenAsync("/page")).Text);

        using var before = app.CreateBrowser();
        var ticket = await app.BeginSessionAsync("from-before");
        before.Cookies[AuthApp.SessionCookie] = TestTicket.Cookie(ticket);
        app.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal("null", await before.SessionAsync());
        Assert.DoesNotContain(app.Logs.All, line => line.Event.Id == 722);
    }

    private static void Add<TKey>(IServiceCollection services, SqliteConnection database)
        where TKey : IEquatable<TKey>
    {
        services.AddAuthentication(options =>
        {
            options.DefaultScheme = IdentityConstants.ApplicationScheme;
            options.DefaultSignInScheme = IdentityConstants.ExternalScheme;
        }).AddIdentityCookies();
        services.AddDbContext<Context<TKey>>(options => options.UseSqlite(database));
        services.AddIdentityCore<IdentityUser<TKey>>().AddRoles<IdentityRole<TKey>>().AddEntityFrameworkStores<Context<TKey>>().AddSignInManager();
    }

    private sealed class Context<TKey>(DbContextOptions options) : IdentityDbContext<IdentityUser<TKey>, IdentityRole<TKey>, TKey>(options)
        where TKey : IEquatable<TKey>;
}
