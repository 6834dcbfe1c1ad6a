using BlazorAuth.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

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

    [Fact]
    public async Task AColumnOfALaterVersionKeepsNobodyOut()
    {
        foreach (var table in (string[])["users", "accounts", "pending_links"])
        {
            await PostgresServer.ExecuteAsync(_connectionString, $"ALTER TABLE blazorauth_{table} ADD COLUMN later text");
        }

        await WriteEverywhereAsync();
    }

    // One statement for each would take longer than a call may on a slow network, and the same round would fail again every minute.
    [Fact]
    public async Task ARoundIsAFewStatementsHoweverManyWereSeen()
    {
        await CreateAsync("ada", subject: "42");
        await PostgresServer.ExecuteAsync(
            _connectionString,
            """
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.02); RETURN NULL; END';
            CREATE TRIGGER slow BEFORE UPDATE ON blazorauth_users FOR EACH STATEMENT EXECUTE FUNCTION slow();
            CREATE TRIGGER slow BEFORE UPDATE ON blazorauth_accounts FOR EACH STATEMENT EXECUTE FUNCTION slow();
            """);

        await Store.TouchAsync([.. Enumerable.Range(0, 500).Select(i => new AccountUse($"u{i}", Start.AddDays(1), Google, $"{i}")), new AccountUse("ada", Start.AddDays(1), Google, "42")], Token);

        Assert.Equal(Start.AddDays(1), (await Store.FindUserAsync("ada", Token))!.LastSeenAt);
        Assert.Equal(Start.AddDays(1), (await Store.FindAsync(Google, "42", Token))!.Account.LastUsedAt);
    }

    [Fact]
    public async Task ARoundDoesNotWaitForAUserWhoseRowIsHeld()
    {
        await CreateAsync("ada");
        await CreateAsync("bob");
        await using var other = new NpgsqlConnection(_connectionString);
        await other.OpenAsync(Token);
        await using var transaction = await other.BeginTransactionAsync(Token);
        await using var hold = new NpgsqlCommand("SELECT 1 FROM blazorauth_users WHERE id = 'ada' FOR UPDATE", other, transaction);
        await hold.ExecuteNonQueryAsync(Token);

        await Store.TouchAsync([new AccountUse("ada", Start.AddDays(1), Google, "ada"), new AccountUse("bob", Start.AddDays(1))], Token);

        Assert.Equal(Start.AddDays(1), (await Store.FindUserAsync("bob", Token))!.LastSeenAt);
        Assert.Equal(Start.AddMinutes(2), (await Store.FindUserAsync("ada", Token))!.LastSeenAt);
        Assert.Equal(Start.AddDays(1), (await Store.FindAsync(Google, "ada", Token))!.Account.LastUsedAt);
    }

    protected override IAccountStore NodeStore(int node) => node % 2 == 0 ? Store : _other;
}
