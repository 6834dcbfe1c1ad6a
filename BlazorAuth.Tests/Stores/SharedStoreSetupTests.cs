using BlazorAuth.Tests.Nodes;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Stores;

public sealed class SharedStoreSetupTests(PostgresServer postgres, RedisServer redis) : IClassFixture<RedisServer>
{
    [Fact]
    public async Task AStoreNamedInCodeIsTakenAndTheVariableIsNot()
    {
        var redisAddress = await redis.CreateDatabaseAsync();
        await using var onRedis = await StoreNode.StartAsync("memory", configure: options => options.Accounts.Enabled = false, build: builder => builder.AddRedisSessionStore(redisAddress));
        var postgresAddress = await postgres.CreateSchemaAsync();
        await using var onPostgres = await StoreNode.StartAsync("memory", build: builder => builder.AddPostgresSessionStore(postgresAddress));

        Assert.IsType<RedisSessionStore>(onRedis.Store);
        Assert.IsType<PostgresSessionStore>(onPostgres.Store);
        foreach (var node in (AuthApp[])[onRedis, onPostgres])
        {
            Assert.True(await node.BelievesAsync((await node.SignInAsync()).Cookie));
            Assert.IsType<ProtectionKeyRepository>(node.Services.GetRequiredService<IOptions<KeyManagementOptions>>().Value.XmlRepository);
        }
    }

    [Theory]
    [InlineData("postgres:Passwort=hunter2")]
    [InlineData("redis:password=hunter2")]
    public async Task AConnectionStringThatCannotBeReadStopsTheStart(string store)
    {
        var failure = await Assert.ThrowsAsync<AuthSetupException>(() => StoreNode.StartAsync(store));

        Assert.Contains("Use a form such as", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatCannotBeUsedStopsTheStart()
    {
        var failure = await Assert.ThrowsAsync<AuthSetupException>(() => StoreNode.StartAsync("sqlite:/proc/auth.db"));
        Assert.Contains("/proc/auth.db", failure.Message, StringComparison.Ordinal);
        Assert.IsType<SessionStoreException>(failure.InnerException);
    }

    [Theory]
    [InlineData("r 3 1767225600000 1767225500000 some id", "some id", true, 3)]
    [InlineData("u 2 1767225600000 1767225500000 s1", "s1", false, 2)]
    public void ASignalIsRead(string text, string id, bool revoked, int version) =>
        Assert.Equal(
            new SessionChange(
                id, revoked, version, DateTimeOffset.FromUnixTimeMilliseconds(1767225600000), DateTimeOffset.FromUnixTimeMilliseconds(1767225500000)),
            SessionSignalText.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("x 1 1767225600000 1767225600000 s1")]
    [InlineData("r -1 1767225600000 1767225600000 s1")]
    [InlineData("r 1 99999999999999999 1767225600000 s1")]
    [InlineData("r 1 1767225600000 99999999999999999 s1")]
    [InlineData("r 1 1767225600000 1767225600000 ")]
    [InlineData("r 1 1767225600000 1767225600000")]
    [InlineData("r 1 1767225600000 s1")]
    public void ASignalOfAnotherFormIsIgnored(string text) => Assert.Null(SessionSignalText.Parse(text));
}
