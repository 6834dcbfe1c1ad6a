using System.Net;
using System.Text.Json.Nodes;
using BlazorAuth.Testing;
using BlazorAuth.Tests.Chromium;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Testing;

/// <summary>The kit against the app of this repository, as a user's tests are against theirs.</summary>
public sealed class SignInExtensionsTests(RealBrowser chromium)
{
    [Fact]
    public async Task OneCallSignsSomebodyIn()
    {
        await using var factory = new AuthTestFactory<Program>();
        using var client = await factory.SignInAsync("ada", roles: ["admin"]);
        var session = await ReadAsync(client, "api/auth/session");
        Assert.Equal(("Ada", "ada@example.com"), ((string?)session!["user"]!["name"], (string?)session["user"]!["email"]));
        Assert.Equal("Ada", (string?)(await ReadAsync(client, "api/me"))!["name"]);

        using var stranger = factory.CreateClient();
        Assert.Equal("null", await stranger.GetStringAsync(new Uri("api/auth/session", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("Production", "sqlite", true)]
    [InlineData("Production", "memory", false)]
    [InlineData("Testing", "sqlite", true)]
    [InlineData("Production", "set in code", true)]
    [InlineData("Production", "users", true)]
    [InlineData("Production", "no users", false)]
    [InlineData("Development", "sqlite", false)]
    public async Task NobodyIsSignedInWhereTheSessionWouldOutliveTheTest(string environment, string store, bool isRefused)
    {
        using var folder = new TempFolder();
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(builder => builder.UseEnvironment(environment)
            .ConfigureServices(services =>
            {
                if (store == "set in code")
                {
                    services.AddSingleton<ISessionStore>(new SqliteSessionStore(Path.Combine(folder.Path, "real.db"), TimeProvider.System));
                }
            })
            .UseSetting("AUTH_STORE", store == "sqlite" ? $"sqlite:{Path.Combine(folder.Path, "real.db")}" : "memory")
            .UseSetting(store is "users" or "no users" ? "AUTH_ACCOUNTS" : "unused", store == "users" ? $"sqlite:{Path.Combine(folder.Path, "users.db")}" : "off")
            .UseSetting("AUTH_SECRET", AuthApp.Secret).UseSetting("AUTH_URL", "http://localhost").UseSetting("AUTH_ALLOW_HTTP", "true")
            .UseSetting("AUTH_GOOGLE_ID", "client").UseSetting("AUTH_GOOGLE_SECRET", "secret").UseSetting("AUTH_DRAIN_DELAY", "00:00:00"));
        if (isRefused)
        {
            var error = await Assert.ThrowsAsync<InvalidOperationException>(() => factory.SignInAsync("the-administrator", roles: ["admin"]));
            Assert.Contains(store == "users" ? "AUTH_ACCOUNTS" : "AUTH_STORE", error.Message, StringComparison.Ordinal);
            Assert.Empty(await factory.Services.GetRequiredService<SessionManager>().ListAsync("the-administrator", TestContext.Current.CancellationToken));
        }
        else
        {
            using var client = await factory.SignInAsync("ada");
            Assert.NotNull(await ReadAsync(client, "api/auth/session"));
        }
    }

    [Theory]
    [InlineData("AUTH_ACCOUNTS", "sqlite:users-of-the-developer.db", "memory")]
    [InlineData("Auth:Accounts:Store", "sqlite:users-of-the-developer.db", "memory")]
    [InlineData("AUTH_ACCOUNTS", "Off", "Off")]
    public async Task TheFactoryKeepsUsersInMemoryWhereTheAppNamesAStoreForThem(string setting, string set, string used)
    {
        await using var factory = new AuthTestFactory<Program>();
        await using var app = factory.WithWebHostBuilder(builder => builder.UseSetting(setting, set));
        using var client = await app.SignInAsync("ada");
        Assert.NotNull(await ReadAsync(client, "api/auth/session"));
        Assert.Equal(used, app.Services.GetRequiredService<IConfiguration>()["AUTH_ACCOUNTS"]);
        Assert.Equal(used == "memory" ? used : null, app.Services.GetRequiredService<IOptions<AuthOptions>>().Value.Accounts.Store);
    }

    [Fact]
    public async Task TheSessionIsARealOne()
    {
        await using var factory = new AuthTestFactory<Program>();
        using var ada = await factory.SignInAsync(new TestUser("ada") { Name = "Ada Lovelace", Email = null, Claims = new Dictionary<string, object?> { ["team"] = "engines" } });
        using var grace = await factory.SignInAsync("grace");
        var sessions = factory.Services.GetRequiredService<SessionManager>();
        var session = Assert.Single(await sessions.ListAsync("ada", TestContext.Current.CancellationToken));
        Assert.Equal(("Ada Lovelace", null, "engines"), (session.User.Name, session.User.Email, session.Claims["team"].GetString()));

        await sessions.RevokeUserAsync("ada", TestContext.Current.CancellationToken);
        Assert.Null(await ReadAsync(ada, "api/auth/session"));
        Assert.NotNull(await ReadAsync(grace, "api/auth/session"));
    }

    [Fact]
    public async Task TheClockEndsTheSession()
    {
        await using var factory = new AuthTestFactory<Program>();
        using var client = await factory.SignInAsync("ada");
        factory.Clock.Advance(TimeSpan.FromDays(29));
        Assert.NotNull(await ReadAsync(client, "api/me"));
        factory.Clock.Advance(TimeSpan.FromDays(31));
        using var answer = await client.GetAsync(new Uri("api/me", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task AFactoryOfTheAppsOwnWorksToo()
    {
        await using var plain = new WebApplicationFactory<Program>();
        await using var factory = plain.WithWebHostBuilder(builder =>
        {
            builder.UseSetting("AUTH_STORE", "memory");
            builder.UseSetting("AUTH_SECRET", AuthApp.Secret);
            builder.UseSetting("AUTH_URL", "https://notes.example.com");
            builder.UseSetting("AUTH_DRAIN_DELAY", "00:00:00");
        });
        factory.ClientOptions.BaseAddress = new Uri("https://notes.example.com");
        using var client = await factory.SignInAsync("ada");
        Assert.Equal("Ada", (string?)(await ReadAsync(client, "api/me"))!["name"]);
    }

    [Fact]
    public async Task TheStateForABrowserHoldsTheCookie()
    {
        await using var factory = new AuthTestFactory<Program>();
        var state = JsonNode.Parse(await factory.SignInStateAsync("ada"))!;
        Assert.Empty(state["origins"]!.AsArray());
        var cookie = state["cookies"]!.AsArray().Single(cookie => ((string)cookie!["name"]!).EndsWith("session-token", StringComparison.Ordinal))!;
        Assert.Equal(("localhost", "/", true, "Lax"), ((string?)cookie["domain"], (string?)cookie["path"], (bool)cookie["httpOnly"]!, (string?)cookie["sameSite"]));
        Assert.InRange((long)cookie["expires"]!, TimeProvider.System.GetUtcNow().AddDays(1).ToUnixTimeSeconds(), TimeProvider.System.GetUtcNow().AddDays(91).ToUnixTimeSeconds());

        using var client = factory.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/auth/session");
        request.Headers.Add("Cookie", $"{cookie["name"]}={cookie["value"]}");
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Contains("ada@example.com", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    [Needs(Needs.Browser)]
    public async Task ABrowserTakesTheStateOver()
    {
        await using var factory = new AuthTestFactory<Program>();
        factory.UseKestrel(0);
        factory.StartServer();
        var address = factory.ClientOptions.BaseAddress;
        await using var person = await chromium.OpenAsync(new() { StorageState = await factory.SignInStateAsync("ada") }, address);
        var page = await person.Browser.NewPageAsync();
        await page.GotoAsync(new Uri(address, "notes").AbsoluteUri);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your notes" })).ToBeVisibleAsync();

        // A page that isn't live yet is not covered: its circuit leads to the sign-in page.
        await person.LiveAsync(page);
        await factory.Services.GetRequiredService<SessionManager>().RevokeUserAsync("ada", TestContext.Current.CancellationToken);
        await Assertions.Expect(page.Locator("[data-session-ended]")).ToBeVisibleAsync();
    }

    private static async Task<JsonNode?> ReadAsync(HttpClient client, string address) =>
        JsonNode.Parse(await client.GetStringAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken));
}
