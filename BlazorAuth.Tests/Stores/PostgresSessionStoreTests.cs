using BlazorAuth.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BlazorAuth.Tests.Stores;

public sealed partial class PostgresSessionStoreTests(PostgresServer server) : SessionStoreContract
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

        Assert.Equal(8, (await nodes[0].ListAsync("ada", 10, null, Token)).Count);
        Assert.Single((await Task.WhenAll(nodes.Select(node => node.ReadChangesAsync(0, default, Token)))).Select(changes => changes.StoreId).Distinct());
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

    // What sessions of the first release granted was not sealed: their people sign in again. Keys and the id stay.
    [Fact]
    public async Task TablesOfTheFirstReleaseAreUpgradedWithoutTheirSessions()
    {
        var old = await server.CreateSchemaAsync();
        await PostgresServer.ExecuteAsync(
            old,
            """
            CREATE TABLE blazorauth_sessions (id text PRIMARY KEY, user_id text NOT NULL, provider text NOT NULL, provider_account_id text, claims text NOT NULL,
                version integer NOT NULL, created_at bigint NOT NULL, last_seen_at bigint NOT NULL, expires_at bigint NOT NULL, device text, revoked_at bigint,
                change bigint, CHECK (change IS NOT NULL OR (revoked_at IS NULL AND version = 1)));
            CREATE TABLE blazorauth_keys (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE, value text NOT NULL);
            CREATE TABLE blazorauth_store (single boolean PRIMARY KEY DEFAULT true CHECK (single), schema_version integer NOT NULL, epoch text NOT NULL,
                epoch_started_at bigint NOT NULL, change bigint NOT NULL);
            INSERT INTO blazorauth_sessions VALUES ('s1', 'ada', 'github', '4711', '{"roles":"admin"}', 1, 0, 0, 4102444800000, NULL, NULL, NULL);
            INSERT INTO blazorauth_keys (name, value) VALUES ('key', '<key />');
            INSERT INTO blazorauth_store VALUES (true, 1, 'the-id-of-this-store', 0, 41);
            """);

        using var upgraded = Open(old);

        Assert.Null(await upgraded.FindAsync("s1", Token));
        await upgraded.CreateAsync(Session("s1"), Token);
        Assert.Equal(["<key />"], await upgraded.ReadKeysAsync(Token));
        Assert.Equal("the-id-of-this-store", (await upgraded.ReadChangesAsync(0, default, Token)).StoreId);
        Assert.Equal(PostgresSchema.Version, await PostgresServer.ExecuteAsync(old, "SELECT schema_version FROM blazorauth_store"));
    }

    // The number of a change is taken before it is committed. A reader in between must not step over it.
    [Fact]
    public async Task ACursorNeverPassesAChangeThatIsStillToBeCommitted()
    {
        await CreateAsync("early");
        await CreateAsync("late");
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using var revoke = new NpgsqlCommand(PostgresSql.Revoke.Replace("@channel", "'test'", StringComparison.Ordinal), connection)
        {
            Parameters =
            {
                new() { Value = "ada" }, new() { Value = Start.ToUnixTimeMilliseconds() }, new() { Value = 1 }, new() { Value = 0L },
                new() { Value = Start.ToUnixTimeMilliseconds() }, new() { Value = "early" },
            },
        };
        Assert.NotNull(await revoke.ExecuteScalarAsync(Token));

        var later = Task.Run(() => _store.RevokeAsync("ada", "late", Revocation(), Token), Token);
        var between = await _store.ReadChangesAsync(0, default, Token);
        await transaction.CommitAsync(Token);
        await later;
        var after = await _store.ReadChangesAsync(between.Cursor, default, Token);

        Assert.Empty(between.Items);
        Assert.Equal(["early", "late"], after.Items.Select(change => change.SessionId).Order());
    }

    // A statement sees what was there when it began. What took the place of a session meanwhile is found by the next one, which is asked because of the first.
    [Fact]
    public async Task ABanBesideAReplacementLeavesNoSession()
    {
        await CreateAsync("old");
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using var replace = new NpgsqlCommand(PostgresSql.Replace.Replace("@channel", "'test'", StringComparison.Ordinal), connection);
        object?[] values =
        [
            "new", "ada", "github", "{}", 1, 0L, 0L, Start.AddDays(30).ToUnixTimeMilliseconds(), null, false, null, null, null,
            Start.ToUnixTimeMilliseconds(), "old", Start.AddSeconds(30).ToUnixTimeMilliseconds(), 0L, Start.ToUnixTimeMilliseconds(),
        ];
        Array.ForEach(values, value => replace.Parameters.Add(new() { Value = value ?? DBNull.Value }));
        Assert.NotNull(await replace.ExecuteScalarAsync(Token));

        var first = Task.Run(() => _store.RevokeAllAsync("ada", null, 10, Revocation(), Token), Token);
        using (var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20)))
        {
            while (await PostgresServer.ExecuteAsync(_connectionString, $"SELECT count(*) FROM pg_stat_activity WHERE {connection.ProcessID} = ANY(pg_blocking_pids(pid))") is 0L)
            {
                Assert.False(first.IsCompleted);
                await pace.WaitForNextTickAsync(Token);
            }
        }

        await transaction.CommitAsync(Token);

        Assert.Equal(["old"], await first);
        Assert.Equal(["new"], await _store.RevokeAllAsync("ada", null, 10, Revocation(), Token));
        Assert.Empty(await _store.ListAsync("ada", 10, null, Token));
    }

    [Fact]
    public async Task NoChangeIsLostToANodeBesideOtherNodesThatWrite()
    {
        const int Nodes = 4, Each = 40;
        var nodes = Enumerable.Range(0, Nodes).Select(_ => Open(_connectionString)).ToList();
        await Task.WhenAll(Enumerable.Range(0, Nodes * Each).Select(i => CreateAsync($"s{i}")));

        // Renewals run beside the revocations, so that some of those meet a row that has just changed.
        var writing = Task.WhenAll(nodes.Select((node, number) => Task.Run(
            async () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    var id = $"s{number * Each + i}";
                    await Task.WhenAll(
                        node.RenewAsync("ada", id, Start.AddMinutes(1), Start.AddDays(31), Token), node.RevokeAsync("ada", id, Revocation(), Token),
                        node.UpdateAsync(id, 1, "{}", Token));
                }
            },
            Token)));
        HashSet<string> revoked = [];
        for (var (cursor, isLast) = (0L, false); !isLast;)
        {
            isLast = writing.IsCompleted;
            var changes = await _store.ReadChangesAsync(cursor, default, Token);
            cursor = changes.Cursor;
            revoked.UnionWith(changes.Items.Where(change => change.Revoked).Select(change => change.SessionId));
        }

        await writing;
        Assert.Equal(Nodes * Each, revoked.Count);
        nodes.ForEach(node => node.Dispose());
    }

    // A limit that had to be computed for each row would be looked for in all of them, every hour.
    [Theory]
    [InlineData(true, "blazorauth_sessions_by_expiry")]
    [InlineData(false, "blazorauth_used_keys_by_end")]
    public async Task WhatHasExpiredIsFoundByItsIndex(bool isSession, string index)
    {
        await CreateAsync("s1");
        var sql = (isSession ? PostgresSql.RemoveExpired : PostgresSql.RemoveUsedKeys).Replace("$1", "5", StringComparison.Ordinal).Replace("$2", "1000", StringComparison.Ordinal);
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(Token);
        await using (var settings = new NpgsqlCommand("SET enable_seqscan = off; SET enable_bitmapscan = off", connection))
        {
            await settings.ExecuteNonQueryAsync(Token);
        }

        List<string> plan = [];
        await using var explain = new NpgsqlCommand("EXPLAIN " + sql, connection);
        await using var reader = await explain.ExecuteReaderAsync(Token);
        while (await reader.ReadAsync(Token))
        {
            plan.Add(reader.GetString(0));
        }

        Assert.Contains("Index Cond", plan[plan.FindIndex(line => line.Contains(index, StringComparison.Ordinal)) + 1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEmptiedDatabaseIsAnotherStore()
    {
        await CreateAsync("s1");
        var before = await _store.ReadChangesAsync(0, default, Token);
        await PostgresServer.ExecuteAsync(_connectionString, "DROP TABLE blazorauth_sessions, blazorauth_store, blazorauth_keys, blazorauth_used_keys");
        Clock.Advance(TimeSpan.FromMinutes(1));

        var after = await _store.ReadChangesAsync(before.Cursor, default, Token);

        Assert.NotEqual(before.StoreId, after.StoreId);
        Assert.Null(await _store.FindAsync("s1", Token));
    }

    [Fact]
    public async Task TextsThatPostgreSqlCannotHoldNameNothing()
    {
        Assert.Equal(RevokeResult.NotFound, await _store.RevokeAsync("ada\0", "\ud800", Revocation(), Token));
        Assert.Null(await _store.FindAsync("\0", Token));
        Assert.Empty(await _store.ListAsync("ada", 1, Session("\ud800"), Token));
        Assert.Empty(await _store.ListHistoryAsync("ada", 1, Session("\0"), Token));
        await Assert.ThrowsAsync<ArgumentException>(() => _store.CreateAsync(Session("s\0"), Token));
    }

    [Theory]
    [InlineData("Password=wrong-hunter2", "rejects the app's user")]
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
