using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace BlazorAuth.Tests.Import;

/// <summary>A moment of another database's text column is read as it is written, or not at all.</summary>
public sealed class ForeignMomentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // On 10 November, a ban until 1 December is read as one until 12 January, which is over.
    [Theory]
    [InlineData("NULL", "'01.12.2026'")]
    [InlineData("1", "'01.12.2026 00:00'")]
    [InlineData("1", "'01/12/2026'")]
    [InlineData("1", "'2026-12-01 00:00:00'")]
    [InlineData("NULL", "'2026-12-01 00:00:00+00'")]
    public async Task ABanThatIsReadAsAnotherMomentLetsNobodyIn(string banned, string until)
    {
        using var provider = new FakeProvider();
        await using var app = await provider.StartAppAsync(setup => setup.Clock = new TestClock(new(2026, 11, 10, 14, 0, 0, TimeSpan.Zero)));
        await using var database = new SqliteConnection("Data Source=:memory:");
        await database.OpenAsync(Token);
        await using var command = database.CreateCommand();
        command.CommandText = $"SELECT '7' AS id, 'google' AS provider, '42' AS account_id, {banned} AS banned, {until} AS banned_until";
        await using DbDataReader rows = await command.ExecuteReaderAsync(Token);

        await app.Services.GetRequiredService<AccountImport>().RunAsync(rows, cancellationToken: Token);

        var user = await app.Services.GetRequiredService<IAccountStore>().FindUserAsync("7", Token);
        Assert.Equal(until.Contains("2026-12-01", StringComparison.Ordinal), user is not null);
        Assert.True(user is null || user.IsBanned(app.Clock.GetUtcNow()), "They came, and no ban came along.");
    }
}
