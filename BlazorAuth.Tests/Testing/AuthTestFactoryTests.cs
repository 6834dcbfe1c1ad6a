using BlazorAuth.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;

namespace BlazorAuth.Tests.Testing;

/// <summary>What an app's code names is for its real users: tests leave nothing there.</summary>
public sealed class AuthTestFactoryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ATestWritesIntoNoStoreThatTheAppsCodeNames()
    {
        using var folder = new TempFolder();
        var real = new SqliteSessionStore(Path.Combine(folder.Path, "real.db"), TimeProvider.System);
        var users = Path.Combine(folder.Path, "users.db");
        await using (var factory = new FactoryOf(real, users))
        {
            using var client = await factory.SignInAsync("ada", roles: ["admin"]);
            Assert.Contains("Ada", await client.GetStringAsync(new Uri("api/auth/session", UriKind.Relative), Token), StringComparison.Ordinal);
            Assert.NotNull(await factory.Services.GetRequiredService<AccountManager>().FindAsync("ada", Token));
        }

        await real.InitializeAsync(Token);
        Assert.Empty(await real.ListAsync("ada", 10, cancellationToken: Token));
        Assert.Null(await real.Accounts.FindUserAsync("ada", Token));
        Assert.False(File.Exists(users));
    }

    [Fact]
    public async Task ATestMayNameAnother()
    {
        using var folder = new TempFolder();
        var own = new SqliteSessionStore(Path.Combine(folder.Path, "own.db"), TimeProvider.System);
        await using var factory = new AuthTestFactory<Program>();
        await using var app = factory.WithWebHostBuilder(builder => builder.ConfigureTestServices(services => services.AddSingleton<ISessionStore>(own)));

        using var client = await app.SignInAsync("ada");

        Assert.Single(await own.ListAsync("ada", 10, cancellationToken: Token));
    }

    /// <summary>An app that names its stores in code: what Program.cs registers comes before what the factory does.</summary>
    private sealed class FactoryOf(ISessionStore store, string users) : AuthTestFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.ConfigureServices(services =>
            {
                services.AddSingleton(store);
                services.Configure<AuthOptions>(options => options.Accounts.Store = "sqlite:" + users);
            });
            base.ConfigureWebHost(builder);
        }
    }
}
