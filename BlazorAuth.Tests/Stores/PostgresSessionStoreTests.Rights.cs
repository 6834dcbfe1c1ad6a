namespace BlazorAuth.Tests.Stores;

/// <content>What the database's user may do.</content>
public sealed partial class PostgresSessionStoreTests
{
    // An administrator has made the tables, and the app may only use them.
    [Fact]
    public async Task TablesThatExistAreUsedByAUserWhoMayNotCreateAny()
    {
        await CreateAsync("s1");
        var name = await PostgresServer.ExecuteAsync(_connectionString, "SELECT current_schema()");
        await PostgresServer.ExecuteAsync(
            _connectionString,
            $"""
            CREATE ROLE user_of_{name} LOGIN PASSWORD '{PostgresServer.Password}';
            GRANT USAGE ON SCHEMA {name} TO user_of_{name};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {name} TO user_of_{name};
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA {name} TO user_of_{name};
            """);
        using var store = Open($"{_connectionString};Username=user_of_{name}");

        await store.InitializeAsync(Token);

        Assert.NotNull(await store.FindAsync("s1", Token));
        await store.CreateAsync(Session("s2"), Token);
        Assert.Equal(RevokeResult.Revoked, await store.RevokeAsync("ada", "s2", Revocation(), Token));
        Assert.True(await store.Accounts.IsEmptyAsync(Token));
    }
}
