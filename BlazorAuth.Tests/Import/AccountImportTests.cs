using System.Data.Common;
using Microsoft.Data.Sqlite;
using static BlazorAuth.Tests.Import.ImportSteps;

namespace BlazorAuth.Tests.Import;

/// <summary>Users of another library, streamed into the account store.</summary>
public sealed class AccountImportTests : IDisposable
{
    private readonly FakeProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task IdsStayAndAPersonWhoComesBackIsWhoTheyWere()
    {
        await using var app = await StartAsync();
        var report = await ImportAsync(app, User("7", ("google", "42"), ("github", "9")));
        Assert.Equal((1, 1, 0, 2, 0), (report.Users, report.Created, report.AlreadyThere, report.Accounts, report.ConflictCount));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync(_provider, "google");
        Assert.Equal("7", await browser.UserIdAsync());
    }

    [Fact]
    public async Task ASecondRunAddsWhatIsMissingAndOverwritesNothing()
    {
        await using var app = await StartAsync();
        await ImportAsync(app, User("7", ("google", "42")));
        await Manager(app).UpdateAsync((await Manager(app).FindAsync("7", Token))! with { Name = "Ada King" }, Token);
        var report = await ImportAsync(app, User("7", ("google", "42"), ("github", "9")), User("8", ("google", "43")));
        Assert.Equal((2, 1, 1, 2, 0), (report.Users, report.Created, report.AlreadyThere, report.Accounts, report.ConflictCount));
        Assert.Equal("Ada King", (await Manager(app).FindAsync("7", Token))!.Name);
        Assert.Equal(2, (await Manager(app).ListAccountsAsync("7", Token)).Count);
        report = await ImportAsync(app, User("7", ("google", "42"), ("github", "9")), User("8", ("google", "43")));
        Assert.Equal((0, 2, 0), (report.Created, report.AlreadyThere, report.Accounts));
    }

    [Fact]
    public async Task AnAccountThatNoIndexHoldsIsReportedAndTheRestComes()
    {
        await using var app = await StartAsync();
        var report = await ImportAsync(app, User("first", ("google", "1")), User("long", ("google", new string('\u4E00', 1000))), User("last", ("google", "3")));
        Assert.Equal(new ImportConflict("long", null, ImportConflictReason.Unusable), Assert.Single(report.Conflicts));
        Assert.NotNull(await Manager(app).FindAsync("last", Token));
    }

    [Fact]
    public async Task WhatDoesNotFitIsReportedAndTheRestComes()
    {
        await using var app = await StartAsync();
        await ImportAsync(app, User("deleted", ("google", "1")));
        await Manager(app).DeleteAsync("deleted", Token);
        await ImportAsync(app, User("owner", ("google", "2")));
        var report = await ImportAsync(
            app, User("deleted", ("google", "1")), User("late", ("google", "2")), User("both", ("google", "2"), ("github", "3")), User("odd", ("myspace", "4")),
            User("linked-in-mail"), User("", ("google", "5")), User("last", ("google", "6")));
        Assert.Equal(
            [
                new("deleted", null, ImportConflictReason.IdWasUsed), new("late", "google", ImportConflictReason.AccountOfSomebodyElse),
                new("both", "google", ImportConflictReason.AccountOfSomebodyElse), new("odd", "myspace", ImportConflictReason.UnknownProvider),
                new("odd", null, ImportConflictReason.NoWayIn), new("linked-in-mail", null, ImportConflictReason.NoWayIn), new("", null, ImportConflictReason.Unusable),
            ],
            report.Conflicts);
        Assert.Equal("owner", (await Manager(app).FindAsync("https://accounts.google.com", "2", Token))!.Id);
        Assert.Null(await Manager(app).FindAsync("late", Token));
        Assert.Equal("both", (await Manager(app).FindAsync("https://github.com", "3", Token))!.Id);
        Assert.NotNull(await Manager(app).FindAsync("odd", Token));
        Assert.NotNull(await Manager(app).FindAsync("last", Token));
    }

    [Fact]
    public async Task WhatARowSaysWritesNoLinesOfItsOwnIntoTheLog()
    {
        await using var app = await StartAsync();
        var report = await ImportAsync(app, User("a\nwarn: BlazorAuth[1] forged", ("my\u2028space", "4")));
        Assert.Equal(2, report.ConflictCount);
        Assert.DoesNotContain(app.Logs.Own, line => line.Text.Any(c => char.IsControl(c) || c == '\u2028'));
    }

    [Fact]
    public async Task ProvidersHaveTheNamesOfThisApp()
    {
        await using var app = await StartAsync();
        var options = new ImportOptions { Providers = { ["azure-ad"] = "work" } };
        await ImportAsync(app, options, User("7", ("azure-ad", "42"), ("Google", "43")), User("8") with { Accounts = [new("tenants", "44") { Issuer = "https://tenant.example" }] });
        Assert.Equal("7", (await Manager(app).FindAsync(FakeProvider.Issuer, "42", Token))!.Id);
        Assert.Equal("7", (await Manager(app).FindAsync("https://accounts.google.com", "43", Token))!.Id);
        Assert.Equal("8", (await Manager(app).FindAsync("https://tenant.example", "44", Token))!.Id);
    }

    [Fact]
    public async Task WhereAProviderHasSeveralIssuersTheImportDoesNotGuess()
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync(configure: options => options.TokenValidationParameters.ValidIssuers = ["https://one.example"]);
        var report = await ImportAsync(app, User("7", ("work", "42")), User("8") with { Accounts = [new("work", "43") { Issuer = "https://one.example" }] });
        Assert.Contains(new("7", "work", ImportConflictReason.UnknownProvider), report.Conflicts);
        Assert.Null(await Manager(app).FindAsync("https://id.example", "42", Token));
        Assert.Equal("8", (await Manager(app).FindAsync("https://one.example", "43", Token))!.Id);
    }

    [Fact]
    public async Task SomebodyWithAPasswordComesInByTheAppsCredentials()
    {
        await using var app = await StartAsync(setup => setup.Providers = builder => builder.AddCredentials(
            "password", _ => ValueTask.FromResult(CredentialsResult.Accept(new SessionUser { Id = "7", Name = "Ada" }))));
        var report = await ImportAsync(app, User("7", ("credential", "ada@example.com")));
        Assert.Equal((1, 0), (report.Created, report.ConflictCount));
        Assert.Equal("password", Assert.Single(await Manager(app).ListAccountsAsync("7", Token)).Provider);
    }

    /// <summary>Nothing is kept of what was read, and nothing is read ahead: the thousandth user is asked for after the ones before were written.</summary>
    [Fact]
    public async Task UsersAreReadOneByOneAndProgressIsTold()
    {
        await using var app = await StartAsync();
        var told = new List<ImportProgress>();
        var progress = new Told(told.Add);
        var report = await app.Services.GetRequiredService<AccountImport>().RunAsync(Many(), new ImportOptions { Progress = progress }, Token);
        Assert.Equal((250, 125, 3), (report.Users, report.ConflictCount, told.Count));
        Assert.Equal(new ImportProgress(100, 50), told[0]);
        Assert.Equal(new ImportProgress(250, 125), told[^1]);

        async IAsyncEnumerable<ImportedUser> Many()
        {
            for (var i = 0; i < 250; i++)
            {
                if (i > 0)
                {
                    Assert.NotNull(await Manager(app).FindAsync($"u{i - 1}", Token));
                }

                yield return i % 2 == 0 ? User($"u{i}", ("google", $"{i}")) : User($"u{i}");
            }
        }
    }

    [Fact]
    public async Task TheRowsOfAUserAreTakenTogether()
    {
        await using var database = new SqliteConnection("DataSource=:memory:");
        await database.OpenAsync(Token);
        await using var command = database.CreateCommand();
        command.CommandText =
            """
            SELECT 1 AS id, 'Ada' AS name, 'ada@example.com' AS email, 1 AS email_verified, NULL AS image, '2024-05-06T07:08:09Z' AS created_at, 'google' AS provider, '42' AS account_id
            UNION ALL SELECT 1, 'Ada', 'ada@example.com', 1, NULL, '2024-05-06T07:08:09Z', 'github', '9'
            UNION ALL SELECT 2, NULL, 'kim@example.com', 0, NULL, NULL, NULL, NULL
            """;
        await using DbDataReader rows = await command.ExecuteReaderAsync(Token);
        await using var app = await StartAsync();
        var report = await app.Services.GetRequiredService<AccountImport>().RunAsync(rows, null, Token);
        Assert.Equal((2, 2, 2), (report.Users, report.Created, report.Accounts));
        var ada = (await Manager(app).FindAsync("1", Token))!;
        Assert.Equal(new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero), ada.CreatedAt);
        Assert.Equal(ada.CreatedAt, ada.EmailVerifiedAt);
        Assert.Null((await Manager(app).FindAsync("2", Token))!.EmailVerifiedAt);
    }

    [Fact]
    public async Task ARowThatCannotBeReadIsOneConflictAndTheRestComes()
    {
        await using var database = new SqliteConnection("DataSource=:memory:");
        await database.OpenAsync(Token);
        await using var command = database.CreateCommand();
        command.CommandText =
            """
            SELECT '1' AS id, 'Ada' AS name, 9000000000000000000 AS created_at, 'google' AS provider, '42' AS account_id
            UNION ALL SELECT '1', 'Ada', 9000000000000000000, 'github', '9'
            UNION ALL SELECT '2', 'Kim', 1714979289000, 'google', '43'
            """;
        await using DbDataReader rows = await command.ExecuteReaderAsync(Token);
        await using var app = await StartAsync();
        var report = await app.Services.GetRequiredService<AccountImport>().RunAsync(rows, null, Token);
        Assert.Equal((2, 1), (report.Users, report.Created));
        Assert.Equal(new ImportConflict("1", null, ImportConflictReason.Unusable), Assert.Single(report.Conflicts));
        Assert.Null(await Manager(app).FindAsync("1", Token));
        Assert.NotNull(await Manager(app).FindAsync("2", Token));
    }

    // They had magic links. What keeps their id is no way to sign in, and the one that they get is the last.
    [Fact]
    public async Task SomebodyWithoutAWayToSignInGetsOneAndCannotLoseIt()
    {
        await using var app = await StartAsync();
        await ImportAsync(app, User("7", ("myspace", "4")));
        Assert.Empty(await Manager(app).ListAccountsAsync("7", Token));
        Assert.Empty((await Manager(app).ExportAsync("7", Token))!["accounts"]!.AsArray());
        var (now, google) = (app.Clock.GetUtcNow(), "https://accounts.google.com");
        await Manager(app).LinkAsync(new() { Issuer = google, Subject = "42", Provider = "google", UserId = "7", LinkedAt = now, LastUsedAt = now }, Token);
        using var browser = app.CreateBrowser();
        await browser.ArriveAsync(_provider.Answer((await browser.StartSignInAsync("google")).Location!));

        var page = await browser.OpenAsync("/api/auth/account");

        Assert.Contains("Google", page.Text, StringComparison.Ordinal);
        Assert.Empty(page.Document.QuerySelectorAll("form[action$=disconnect]"));
        Assert.DoesNotContain("import", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(UnlinkResult.LastOne, await Manager(app).UnlinkAsync("7", google, "42", null, Token));
        Assert.NotEqual("null", await browser.SessionAsync());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<AuthApp> StartAsync(Action<AuthAppSetup>? more = null) => _provider.StartAppAsync(more);

    private sealed class Told(Action<ImportProgress> tell) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => tell(value);
    }
}
