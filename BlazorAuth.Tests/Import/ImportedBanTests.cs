using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace BlazorAuth.Tests.Import;

/// <summary>Bans of another library arrive with their users.</summary>
public sealed class ImportedBanTests : IDisposable
{
    private const string Forever = "9999-12-31 23:59:59.9999999+00:00";

    private readonly FakeProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Theory]
    [InlineData("1", "NULL", true)]
    [InlineData("'true'", "NULL", true)]
    [InlineData("1", "'2099-01-01T00:00:00Z'", true)]
    [InlineData("NULL", "'2099-01-01T00:00:00Z'", true)]
    [InlineData("NULL", "4070908800000", true)]
    [InlineData("NULL", "'" + Forever + "'", true)]
    [InlineData("0", "'2099-01-01T00:00:00Z'", false)]
    [InlineData("0", "NULL", false)]
    [InlineData("NULL", "NULL", false)]
    [InlineData("1", "'2001-01-01T00:00:00Z'", false)]
    public async Task WhoIsBannedThereArrivesBanned(string banned, string until, bool isBanned)
    {
        await using var app = await _provider.StartAppAsync();
        await ImportAsync(app, banned, until);
        var user = (await Accounts(app).FindAsync("7", Token))!;
        Assert.Equal((isBanned, isBanned ? "spam" : null), (user.IsBanned(app.Clock.GetUtcNow()), user.BanReason));
        using var browser = app.CreateBrowser();
        await browser.ArriveAsync(_provider.Answer((await browser.StartSignInAsync("google")).Location!));
        Assert.Equal(isBanned, await browser.SessionAsync() == "null");
    }

    [Theory]
    [InlineData("'perhaps'", "NULL")]
    [InlineData("2", "NULL")]
    [InlineData("1", "'soon'")]
    [InlineData("NULL", "4070908800")]
    [InlineData("NULL", "4070908800000.5")]
    [InlineData("0", "'soon'")]
    public async Task ABanThatCannotBeUnderstoodIsReportedAndNobodyComes(string banned, string until)
    {
        await using var app = await _provider.StartAppAsync();
        var report = await ImportAsync(app, banned, until);
        Assert.Equal(new ImportConflict("7", null, ImportConflictReason.Unusable), Assert.Single(report.Conflicts));
        Assert.Null(await Accounts(app).FindAsync("7", Token));
    }

    [Fact]
    public async Task AnotherRunLiftsNoBanAndShortensNone()
    {
        await using var app = await _provider.StartAppAsync();
        await ImportAsync(app, "0", "NULL");
        await Accounts(app).BanAsync("7", DateTimeOffset.MaxValue, "fraud", Token);
        var banned = (await Accounts(app).FindAsync("7", Token))!.BannedUntil;
        await ImportAsync(app, "0", "NULL");
        await ImportAsync(app, "1", "'2099-01-01T00:00:00Z'");
        var user = (await Accounts(app).FindAsync("7", Token))!;
        Assert.Equal((banned, "fraud"), (user.BannedUntil, user.BanReason));
    }

    [Fact]
    public async Task WhoWasBannedThereSinceTheLastRunIsBannedAndSignedOut()
    {
        await using var app = await _provider.StartAppAsync();
        await ImportAsync(app, "0", "NULL");
        using var browser = app.CreateBrowser();
        await browser.ArriveAsync(_provider.Answer((await browser.StartSignInAsync("google")).Location!));
        Assert.Equal("7", await browser.UserIdAsync());

        await ImportAsync(app, "1", "NULL");

        Assert.True((await Accounts(app).FindAsync("7", Token))!.IsBanned(app.Clock.GetUtcNow()));
        Assert.Equal("null", await browser.SessionAsync());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static AccountManager Accounts(AuthApp app) => app.Services.GetRequiredService<AccountManager>();

    private static async Task<ImportReport> ImportAsync(AuthApp app, string banned, string until)
    {
        await using var database = new SqliteConnection("DataSource=:memory:");
        await database.OpenAsync(Token);
        await using var command = database.CreateCommand();
        command.CommandText = $"SELECT '7' AS id, 'Ada' AS name, 'google' AS provider, '42' AS account_id, {banned} AS banned, {until} AS banned_until, 'spam' AS ban_reason";
        await using DbDataReader rows = await command.ExecuteReaderAsync(Token);
        return await app.Services.GetRequiredService<AccountImport>().RunAsync(rows, null, Token);
    }
}
