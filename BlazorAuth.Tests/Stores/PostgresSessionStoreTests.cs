using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BlazorAuth.Tests.Stores;

public sealed class PostgresSessionStoreTests(PostgresServer server) : SessionStoreContract
{
    private string _connectionString = "";
    private PostgresSessionStore _store = null!;

    protected override ISessionStore Store => _store;

    protected override IProtectionKeyStore Keys => _store;

    public override async ValueTask InitializeAsync()
    {
        _connectionString = await server.CreateSchemaAsync();
        _store = Open(_connectionString);
        await base.InitializeAsync();
    }

    public override ValueTask DisposeAsync()
    {
        _store?.Dispose();
        return base.DisposeAsync();
    }

    [Fact]
    public async Task ManyNodesMayStartTogetherOnAnEmptyDatabase()
    {
        var empty = await server.CreateSchemaAsync();
        var nodes = Enumerable.Range(0, 8).Select(_ => Open(empty)).ToList();

        await Task.WhenAll(nodes.Select((node, i) => Task.Run(() => node.CreateAsync(Session($"s{i}"), Token), Token)));

        Assert.Equal(8, (await nodes[0].ListAsync("ada", Token)).Count);
        Assert.Single((await Task.WhenAll(nodes.Select(node => node.ReadChangesAsync(0, Token)))).Select(changes => changes.Epoch).Distinct());
        nodes.ForEach(node => node.Dispose());
    }

    [Fact]
    public async Task TablesOfANewerVersionAreLeftAlone()
    {
        await PostgresServer.ExecuteAsync(_connectionString, "UPDATE blazorauth_store SET schema_version = 1000");
        using var older = Open(_connectionString);

        var failure = await Assert.ThrowsAsync<SessionStoreException>(() => older.InitializeAsync(Token));

        Assert.Contains("newer version", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1000, await PostgresServer.ExecuteAsync(_connectionString, "SELECT schema_version FROM blazorauth_store"));
    }

    // The number of a change is taken before it is committed. A reader in between must not step over it.
    [Fact]
    public async Task ACursorNeverPassesAChangeThatIsStillToBeCommitted()
    {
        await Create("early");
        await Create("late");
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using var revoke = new NpgsqlCommand(PostgresSql.Revoke.Replace("@channel", "'test'", StringComparison.Ordinal), connection)
        {
            Parameters = { new() { Value = "ada" }, new() { Value = "early" }, new() { Value = Start.ToUnixTimeMilliseconds() } },
        };
        Assert.NotNull(await revoke.ExecuteScalarAsync(Token));

        var later = Task.Run(() => _store.RevokeAsync("ada", "late", Token), Token);
        var between = await _store.ReadChangesAsync(0, Token);
        await transaction.CommitAsync(Token);
        await later;
        var after = await _store.ReadChangesAsync(between.Cursor, Token);

        Assert.Empty(between.Items);
        Assert.Equal(["early", "late"], after.Items.Select(change => change.SessionId).Order());
    }

    [Fact]
    public async Task NoChangeIsLostToANodeBesideOtherNodesThatWrite()
    {
        const int Nodes = 4, Each = 40;
        var nodes = Enumerable.Range(0, Nodes).Select(_ => Open(_connectionString)).ToList();
        await Task.WhenAll(Enumerable.Range(0, Nodes * Each).Select(i => Create($"s{i}")));

        // Renewals run beside the revocations, so that some of those meet a row that has just changed.
        var writing = Task.WhenAll(nodes.Select((node, number) => Task.Run(
            async () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    var id = $"s{number * Each + i}";
                    await Task.WhenAll(
                        node.TouchAsync(id, Start.AddMinutes(1), Start.AddDays(31), Token), node.RevokeAsync("ada", id, Token), node.UpdateClaimsAsync(id, 1, "{}", Token));
                }
            },
            Token)));
        HashSet<string> revoked = [];
        for (var (cursor, isLast) = (0L, false); !isLast;)
        {
            isLast = writing.IsCompleted;
            var changes = await _store.ReadChangesAsync(cursor, Token);
            cursor = changes.Cursor;
            revoked.UnionWith(changes.Items.Where(change => change.Revoked).Select(change => change.SessionId));
        }

        await writing;
        Assert.Equal(Nodes * Each, revoked.Count);
        nodes.ForEach(node => node.Dispose());
    }

    [Fact]
    public async Task AnEmptiedDatabaseBeginsANewEpoch()
    {
        await Create("s1");
        var before = await _store.ReadChangesAsync(0, Token);
        await PostgresServer.ExecuteAsync(_connectionString, "DROP TABLE blazorauth_sessions, blazorauth_store, blazorauth_keys");
        Clock.Advance(TimeSpan.FromMinutes(1));

        var after = await _store.ReadChangesAsync(before.Cursor, Token);

        Assert.Equal(Start, before.Epoch!.StartedAt);
        Assert.Equal(Start.AddMinutes(1), after.Epoch!.StartedAt);
        Assert.NotEqual(before.Epoch.Id, after.Epoch.Id);
        Assert.Null(await _store.FindAsync("s1", Token));
    }

    [Fact]
    public async Task TextsThatPostgreSqlCannotHoldNameNothing()
    {
        Assert.Equal(RevokeResult.NotFound, await _store.RevokeAsync("ada\0", "\ud800", Token));
        Assert.Null(await _store.FindAsync("\0", Token));
        await Assert.ThrowsAsync<ArgumentException>(() => _store.CreateAsync(Session("s\0"), Token));
    }

    [Theory]
    [InlineData("Password=wrong-hunter2", "refuses the app's user")]
    [InlineData("Database=nowhere", "does not exist")]
    [InlineData("Port=1", "cannot be reached")]
    public async Task AFailureNamesItsRemedyAndNeverThePassword(string change, string expected)
    {
        using var store = Open($"{server.ConnectionString()};{change}");

        var failure = await Assert.ThrowsAsync<SessionStoreException>(() => store.FindAsync("s1", Token));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Passwort=hunter2")]
    [InlineData("hunter2")]
    [InlineData("Host=db;Port=hunter2")]
    public void AConnectionStringThatCannotBeReadIsASetUpErrorWithoutItsText(string connectionString) =>
        Assert.DoesNotContain("hunter2", Assert.Throws<AuthSetupException>(() => Open(connectionString)).ToString(), StringComparison.Ordinal);

    private PostgresSessionStore Open(string connectionString) => new(connectionString, Clock, NullLogger<PostgresSessionStore>.Instance);
}
