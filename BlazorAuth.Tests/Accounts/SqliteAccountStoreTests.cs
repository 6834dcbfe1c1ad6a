using BlazorAuth.Testing;
using Microsoft.Data.Sqlite;

namespace BlazorAuth.Tests.Accounts;

public sealed class SqliteAccountStoreTests : AccountStoreContract
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("blazorauth-");
    private readonly SqliteSessionStore _sessions;
    private readonly SqliteAccountStore _other;

    public SqliteAccountStoreTests()
    {
        _sessions = new SqliteSessionStore(FilePath, Clock);
        _other = new SqliteAccountStore(new SqliteDatabase(FilePath, TimeSpan.FromSeconds(5)), Clock);
    }

    protected override IAccountStore Store => _sessions.Accounts;

    private string FilePath => Path.Join(_folder.FullName, "auth.db");

    public override async ValueTask DisposeAsync()
    {
        _sessions.Dispose();
        _other.Dispose();
        _folder.Delete(recursive: true);
        await base.DisposeAsync();
    }

    [Fact]
    public async Task UsersSurviveARestartBesideTheSessions()
    {
        var user = await CreateAsync("ada", subject: "42");
        _sessions.Dispose();

        using var reopened = new SqliteSessionStore(FilePath, Clock);

        Assert.Equal(user, (await reopened.Accounts.FindAsync(Google, "42", Token))!.User);
    }

    [Fact]
    public async Task AFileWithSessionsOfBeforeGetsTheTables()
    {
        await Store.InitializeAsync(Token);
        Execute("DROP TABLE accounts; DROP TABLE users; DROP TABLE pending_links; DROP TABLE account_schema");

        using var upgraded = new SqliteSessionStore(FilePath, Clock);

        Assert.True(await upgraded.Accounts.IsEmptyAsync(Token));
    }

    [Fact]
    public async Task UsersOfANewerVersionAreLeftAlone()
    {
        await Store.InitializeAsync(Token);
        Execute("UPDATE account_schema SET version = 1000");

        using var older = new SqliteSessionStore(FilePath, Clock);

        Assert.Contains("newer version", (await Assert.ThrowsAsync<SessionStoreException>(() => older.Accounts.InitializeAsync(Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AColumnOfALaterVersionKeepsNobodyOut()
    {
        await Store.InitializeAsync(Token);
        Execute("ALTER TABLE users ADD COLUMN later TEXT; ALTER TABLE accounts ADD COLUMN later TEXT; ALTER TABLE pending_links ADD COLUMN later TEXT");

        await WriteEverywhereAsync();
    }

    protected override IAccountStore NodeStore(int node) => node % 2 == 0 ? Store : _other;

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={FilePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
