using System.Data.Common;
using System.Diagnostics;
using System.Text.Json.Nodes;
using BlazorAuth.Tests.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlazorAuth.Tests.Import;

/// <summary>Databases that the real libraries made, imported by the queries of <c>docs/migrate.md</c>; a person signs in and is who they were.</summary>
public sealed class ForeignDatabaseTests(PostgresServer postgres)
{
    [Theory]
    [InlineData("Auth.js", "auth-js")]
    [InlineData("Better Auth", "better-auth")]
    [Needs(Needs.Node)]
    public async Task ADatabaseOfALibraryFromNpm(string library, string script)
    {
        var connection = await postgres.CreateSchemaAsync();
        var made = JsonNode.Parse(await MakeAsync(script, connection))!;
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(Query(library) is var query && library == "Better Auth" ? query.Replace("\nFROM", $",\n    {Columns()}\nFROM", StringComparison.Ordinal) : query);
        await using var rows = await command.ExecuteReaderAsync(Token);
        await CheckAsync(rows, (string)made["ada"]!, (string)made["kim"]!, isKimBanned: library == "Better Auth");
    }

    [Fact]
    public async Task ADatabaseOfIdentity()
    {
        await using var identity = await IdentityApp.StartAsync();
        var ada = await identity.CreateAsync("ada@example.com");
        var kim = await identity.CreateAsync("kim@example.com", isConfirmed: false);
        await identity.ChangeAsync(ada, (users, user) => users.AddLoginAsync(user, new UserLoginInfo("Google", "42", "Google")));
        await identity.ChangeAsync(kim, (users, user) => users.SetLockoutEndDateAsync(user, DateTimeOffset.MaxValue));
        await identity.WithAsync<IdentityDbContext>(async context =>
        {
            await context.Users.ExecuteUpdateAsync(update => update.SetProperty(user => user.PasswordHash, (string?)null), Token);
            await using var command = context.Database.GetDbConnection().CreateCommand();
            command.CommandText = Query("ASP.NET Core Identity");
            await using var rows = await command.ExecuteReaderAsync(Token);
            await CheckAsync(rows, ada.Id, kim.Id, isKimBanned: true);
        });
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Ada came with Google and is verified; Kim did not and is not.</summary>
    private static async Task CheckAsync(DbDataReader rows, string ada, string kim, bool isKimBanned = false)
    {
        var provider = new FakeProvider();
        await using var app = await provider.StartAppAsync();
        var report = await app.Services.GetRequiredService<AccountImport>().RunAsync(rows, null, Token);
        Assert.Equal((2, 2), (report.Users, report.Created));
        Assert.Contains(new(kim, null, ImportConflictReason.NoWayIn), report.Conflicts);
        var accounts = app.Services.GetRequiredService<AccountManager>();
        var user = (await accounts.FindAsync(ada, Token))!;
        Assert.Equal("ada@example.com", user.Email);
        Assert.NotNull(user.EmailVerifiedAt);
        Assert.Null((await accounts.FindAsync(kim, Token))!.EmailVerifiedAt);
        Assert.Equal((false, isKimBanned), (user.IsBanned(app.Clock.GetUtcNow()), (await accounts.FindAsync(kim, Token))!.IsBanned(app.Clock.GetUtcNow())));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync(provider, "google");
        Assert.Equal(ada, await browser.UserIdAsync());
    }

    /// <summary>The columns of Better Auth's admin plugin as the docs have them.</summary>
    private static string Columns() => File.ReadAllText(Repository.File("docs", "migrate.md")).Split("add its bans to the columns: `")[1].Split('`')[0];

    /// <summary>The query as the docs have it.</summary>
    private static string Query(string library)
    {
        var docs = File.ReadAllText(Repository.File("docs", "migrate.md"));
        var heading = docs.IndexOf($"## {library}", StringComparison.Ordinal);
        var start = docs.IndexOf("```sql\n", heading < 0 ? docs.Length : heading, StringComparison.Ordinal);
        Assert.True(start > 0, $"docs/migrate.md has no query for {library}.");
        var query = docs[(docs.IndexOf('\n', start) + 1)..];
        return query[..query.IndexOf("```", StringComparison.Ordinal)];
    }

    private static async Task<string> MakeAsync(string script, string connection)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Import", "Npm");
        await Npm.InstallAsync(folder);
        var parts = new NpgsqlConnectionStringBuilder(connection);
        var address = $"postgres://{parts.Username}:{parts.Password}@{parts.Host}:{parts.Port}/{parts.Database}?options=-csearch_path%3D{parts.SearchPath}";
        return await ServerProcess.RunAsync(new ProcessStartInfo(Needs.Tool("node"), [$"{script}.mjs", address]) { WorkingDirectory = folder });
    }
}
