using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAuth.Tests.Accounts;

public sealed class PostgresAccountStoreTests(PostgresServer server) : AccountStoreContract
{
    private string _connectionString = "";
    private PostgresSessionStore _sessions = null!;
    private PostgresAccountStore _other = null!;

    protected override IAccountStore Store => _sessions.Accounts;

    public override async ValueTask InitializeAsync()
    {
        _connectionString = await server.CreateSchemaAsync();
        _sessions = new PostgresSessionStore(_connectionString, Clock, NullLogger<PostgresSessionStore>.Instance);
        _other = new PostgresAccountStore(new PostgresDatabase(_connectionString), Clock);
        await base.InitializeAsync();
    }

    public override ValueTask DisposeAsync()
    {
        _sessions?.Dispose();
        _other?.Dispose();
        return base.DisposeAsync();
    }

    [Fact]
    public async Task UsersOfANewerVersionAreLeftAlone()
    {
        await PostgresServer.ExecuteAsync(_connectionString, "UPDATE blazorauth_account_schema SET version = 1000");
        using var older = new PostgresAccountStore(new PostgresDatabase(_connectionString), Clock);

        Assert.Contains("newer version", (await Assert.ThrowsAsync<SessionStoreException>(() => older.InitializeAsync(Token))).Message, StringComparison.Ordinal);
    }

    private protected override IAccountStore NodeStore(int node) => node % 2 == 0 ? Store : _other;
}
