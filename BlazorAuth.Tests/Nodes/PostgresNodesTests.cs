namespace BlazorAuth.Tests.Nodes;

public sealed class PostgresNodesTests(PostgresServer server) : SharedStoreTests
{
    [Fact]
    public async Task AConnectionThatAnAdministratorEndsIsOpenedAnew()
    {
        var a = await StartAsync(Address);
        var b = await StartAsync(Address + ";Application Name=b", TimeSpan.FromHours(1));
        await ListeningAsync(b);
        var (ticket, cookie) = await a.SignInAsync();

        var ended = await PostgresServer.ExecuteAsync(
            server.ConnectionString(), "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'b'");
        await a.SignOutAsync(cookie);

        Assert.True(ended is >= 1L);
        Assert.True((await b.HearsAsync(ticket.Id)).Revoked);
        Assert.False(await b.BelievesAsync(cookie));
    }

    [Fact]
    public async Task ABanOnOneNodeEndsTheSessionOnTheOtherByTheSignalAlone()
    {
        var a = await StartAsync(Address, TimeSpan.FromHours(1));
        var b = await StartAsync(Address, TimeSpan.FromHours(1));
        await ListeningAsync(b);
        var (ticket, cookie) = await a.SignInAsync();
        Assert.True(await b.BelievesAsync(cookie));

        var account = new AccountRecord { Issuer = "https://id.example", Subject = "1", UserId = "ada", Provider = "work", LinkedAt = ticket.IssuedAt, LastUsedAt = ticket.IssuedAt };
        await a.Services.GetRequiredService<IAccountStore>().CreateAsync(new UserRecord { Id = "ada", CreatedAt = ticket.IssuedAt, LastSeenAt = ticket.IssuedAt }, account, Token);

        Assert.True(await a.Services.GetRequiredService<AccountManager>().BanAsync("ada", DateTimeOffset.MaxValue, null, Token));

        Assert.True((await b.HearsAsync(ticket.Id)).Revoked);
        Assert.False(await b.BelievesAsync(cookie));
    }

    private protected override async Task<(string Address, int Port)> CreateStoreAsync() => ("postgres:" + await server.CreateSchemaAsync(), server.Port);

    private protected override string Through(TcpProxy cable) => Address.Replace($"Port={server.Port}", $"Port={cable.Port}", StringComparison.Ordinal);
}
