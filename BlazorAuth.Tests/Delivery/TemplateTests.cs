using System.Net;
using Microsoft.AspNetCore.Identity;
using Npgsql;

namespace BlazorAuth.Tests.Delivery;

/// <summary>The apps that <c>dotnet new blazorauth</c> makes: they start without a warning, and people sign in without any keys.</summary>
[Collection(DeliveryTests.Name)]
[Needs(Needs.Build)]
public sealed class TemplateTests(TemplateApps apps, RedisServer redis, PostgresServer postgres) : IClassFixture<TemplateApps>, IClassFixture<RedisServer>
{
    [Fact]
    public async Task AnAppWithPagesOfBothKindsAndAllProviders()
    {
        await using var app = apps.Start(TemplateApps.PerPage);
        var address = await app.ListenAsync();
        foreach (var (provider, person, name) in ((string, string, string)[])[("google", "ada", "Ada Lovelace"), ("github", "grace", "Grace Hopper"), ("oidc", "alan", "Alan Turing")])
        {
            using var browser = Open(address);
            await SignInAsync(browser, provider, person, name);
            Assert.NotNull(browser.Cookies["my-notes.session-token"]);
            Assert.Null(browser.Cookies[AuthApp.SessionCookie]);
        }

        AssertCalm(app);
        Assert.True(File.Exists(Path.Combine(apps.FolderOf(TemplateApps.PerPage), "App_Data", "blazorauth.db")));
    }

    [Fact]
    public async Task AnInteractiveAppWithPasswordsAndPostgres()
    {
        var database = await postgres.CreateSchemaAsync();
        await using var app = apps.Start(TemplateApps.Global, "postgres:" + database, $"--Users:νίκος={HashOfTryMe}");
        var address = await app.ListenAsync();
        using var browser = Open(address);
        await SignInAsync(browser, "github");

        using var other = Open(address);
        var page = await other.OpenAsync("/notes");
        Assert.Null(page.Document.QuerySelector("form[action$=oidc], form[action$=google]"));
        page = await other.PressAsync(page, "form[action$='callback/password'] button[type=submit], form[action$='callback/password'] button:not([type])", ("user", "ada"), ("password", "guess"));
        Assert.Equal("null", await other.SessionAsync());
        page = await other.OpenAsync("/notes");
        page = await other.PressAsync(page, "form[action$='callback/password'] button[type=submit], form[action$='callback/password'] button:not([type])", ("user", "Ada"), ("password", "try me"));
        Assert.Contains("Your notes", page.Text, StringComparison.Ordinal);
        Assert.Equal("ada", await other.NameAsync());
        Assert.Contains("password:ada", await IdsAsync(database));

        // Both letters are the same capital.
        using var third = Open(address);
        foreach (var typed in (string[])["νίκος", "νίκοσ"])
        {
            page = await third.OpenAsync("/api/auth/signin");
            await third.PressAsync(page, "form[action$='callback/password'] button[type=submit], form[action$='callback/password'] button:not([type])", ("user", typed), ("password", "try me"));
            Assert.Equal("νίκος", await third.NameAsync());
        }

        Assert.Single(await IdsAsync(database), id => id.StartsWith("password:ν", StringComparison.Ordinal));
        AssertCalm(app);
    }

    private static string HashOfTryMe { get; } = new PasswordHasher<string>().HashPassword("", "try me");

    private static async Task<List<string>> IdsAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("SELECT id FROM blazorauth_users", connection);
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        List<string> ids = [];
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            ids.Add(rows.GetString(0));
        }

        return ids;
    }

    [Fact]
    public async Task AnAppWithOpenIdConnectAndRedis()
    {
        await using var app = apps.Start(TemplateApps.Redis, "redis:" + await redis.CreateDatabaseAsync());
        var address = await app.ListenAsync();
        using var browser = Open(address);
        var page = await browser.OpenAsync("/notes");
        Assert.Null(page.Document.QuerySelector("form[action$=github], form[action$=google], input[type=password]"));
        await SignInAsync(browser, "oidc");
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync("/nowhere")).Status);
        Assert.Contains("Healthy", (await browser.OpenAsync("/healthz/ready")).Text, StringComparison.Ordinal);
        AssertCalm(app);
    }

    private static async Task SignInAsync(Browser browser, string provider, string person = "ada", string name = "Ada Lovelace")
    {
        var page = await browser.OpenAsync("/notes");
        Assert.Equal("/api/auth/signin", page.Address.AbsolutePath);
        var notes = await browser.ChooseAsync(await browser.PressAsync(page, $"form[action$='/{provider}'] button"), person);
        Assert.Equal("/notes", notes.Address.AbsolutePath);
        Assert.Contains("Your notes", notes.Text, StringComparison.Ordinal);
        Assert.Contains("Hello, " + name, (await browser.OpenAsync("/")).Text, StringComparison.Ordinal);
    }

    private static Browser Open(Uri address) => new(address, new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, TimeProvider.System);

    private static void AssertCalm(ServerProcess app)
    {
        Assert.DoesNotContain("warn: ", app.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail: ", app.Output, StringComparison.Ordinal);
    }
}

/// <summary>Three apps in which every value of the template's choices occurs, made and built once.</summary>
public sealed class TemplateApps(LocalFeed feed) : IAsyncLifetime
{
    internal const string PerPage = "My.Notes";
    internal const string Global = "Whole";
    internal const string Redis = "red-app";

    private readonly Folder _root = new();

    public async ValueTask InitializeAsync()
    {
        feed.Serve(_root.Path);
        await RunAsync("install", feed.File("BlazorAuth.Templates"));
        await RunAsync("blazorauth", "-n", PerPage, "--no-restore", "--providers", "Google", "--providers", "GitHub", "--providers", "Oidc");
        await RunAsync("blazorauth", "-n", Global, "--no-restore", "--interactivity", "Global", "--store", "Postgres", "--providers", "GitHub", "--credentials");
        await RunAsync("blazorauth", "-n", Redis, "--no-restore", "--interactivity", "PerPage", "--store", "Redis", "--providers", "Oidc");
        await File.WriteAllTextAsync(
            _root.File("Apps.slnx"), $"<Solution>{string.Concat(((string[])[PerPage, Global, Redis]).Select(name => $"<Project Path=\"{name}/{name}.csproj\" />"))}</Solution>");
        await ServerProcess.RunAsync(_root.Path, feed.Environment, "dotnet", "build", "Apps.slnx", "-warnaserror");
    }

    internal string FolderOf(string name) => _root.File(name);

    internal ServerProcess Start(string name, string? store = null, params string[] arguments) => ServerProcess.Start(
        FolderOf(name), new Dictionary<string, string?> { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["AUTH_STORE"] = store },
        ["dotnet", Path.Combine(FolderOf(name), "bin/Debug/net10.0", name + ".dll"), "--urls", "http://127.0.0.1:0", .. arguments]);

    public ValueTask DisposeAsync()
    {
        _root.Dispose();
        return ValueTask.CompletedTask;
    }

    // Installed for these tests alone.
    private Task<string> RunAsync(params string[] arguments) =>
        ServerProcess.RunAsync(_root.Path, feed.Environment, ["dotnet", "new", .. arguments, "--debug:custom-hive", _root.File(".hive")]);
}
