using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAuth.Tests.Nodes;

/// <summary>A store that came back in an older state: from a snapshot, a replica that lagged behind, a backup.</summary>
public sealed partial class RestoredStoreTests(PostgresServer postgres) : IAsyncLifetime
{
    private const int WentBack = 446;
    private const int WentBackTooFar = 447;
    private const int LostData = 407;
    private const int Refused = 448;

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);

    private readonly RedisServer _redis = new() { Arguments = ["--appendonly", "no"] };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("blazorauth-restored-");
    private readonly List<AuthApp> _nodes = [];
    private string _schema = "";
    private string _store = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder.FullName, "auth.db");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await StopAllAsync();
        await _redis.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    public async Task NodesThatLivedThroughItSignNobodyOutAndLetNobodyBackIn(string kind)
    {
        await UseAsync(kind);
        var a = await StartAsync();
        var b = await StartAsync();
        var (_, old) = await a.SignInAsync();
        var (revoked, revokedCookie) = await a.SignInAsync();
        await SaveAsync(kind);
        await a.SignOutAsync(revokedCookie);
        Assert.True((await b.HearsAsync(revoked.Id)).Revoked);
        var (_, young) = await a.SignInAsync("eve");
        var (_, ended) = await b.SignInAsync("kim");
        await Task.WhenAll(RoundAsync(a), RoundAsync(b));

        await RestoreAsync(kind);
        await LogsAsync(WentBack, a, b);
        var c = await StartAsync();
        foreach (var node in (AuthApp[])[a, b, c])
        {
            Assert.True(await node.BelievesAsync(old));
            Assert.True(await node.BelievesAsync(young));
            Assert.False(await node.BelievesAsync(revokedCookie));
        }

        foreach (var node in (AuthApp[])[a, b, c])
        {
            Assert.Equal(HealthStatus.Degraded, await node.HealthAsync());
            Assert.Equal([WentBack], Said(node));
        }

        Assert.True(await b.BelievesAsync(ended));
        await c.SignOutAsync(ended);
        Assert.Single(await a.Sessions.ListAsync("eve", Token));
        Assert.Equal(1, await a.Sessions.RevokeUserAsync("eve", Token));
        await ForgetsAsync(a, ended, young);
        await ForgetsAsync(b, ended, young);
        await ForgetsAsync(await StartAsync(), ended, young, revokedCookie);
    }

    // One was replaced after the state that comes back, of the other the state knows nothing; and both replacements are lost.
    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    public async Task WhatWasReplacedStaysSoAndWhatTookItsPlaceIsWrittenAgain(string kind)
    {
        await UseAsync(kind);
        var a = await StartAsync();
        var b = await StartAsync();
        var (old, oldCookie) = await a.SignInAsync();
        await Task.WhenAll(RoundAsync(a), RoundAsync(b));
        await SaveAsync(kind);
        var (young, youngCookie) = await a.SignInAsync("eve");
        string[] next = [await a.ReplaceAsync(old), await a.ReplaceAsync(young)];
        await Task.WhenAll(b.HearsAsync(old.Id), b.HearsAsync(young.Id));
        await Task.WhenAll(RoundAsync(a), RoundAsync(b));

        await RestoreAsync(kind);
        await LogsAsync(WentBack, a, b);

        foreach (var node in (AuthApp[])[a, b, await StartAsync()])
        {
            await ForgetsAsync(node, oldCookie, youngCookie);
            Assert.True(await node.BelievesAsync(next[0]));
            Assert.True(await node.BelievesAsync(next[1]));
        }

        Assert.Single(await a.Sessions.ListAsync(old.UserId, Token));
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    [InlineData("sqlite")]
    public async Task WithoutAnyNodeThatRemembersATokenFindsItOutAndEverybodySignsInAgain(string kind)
    {
        await UseAsync(kind);
        var before = await StartAsync();
        var (_, old) = await before.SignInAsync();
        var (_, revoked) = await before.SignInAsync();
        await SaveAsync(kind);
        await before.SignOutAsync(revoked);
        var (ticket, _) = await before.SignInAsync("eve");
        var young = TestTicket.Cookie(ticket.With(ticket.IssuedAt - TimeSpan.FromMinutes(1), ticket.ExpiresAt - TimeSpan.FromMinutes(1)));
        await StopAllAsync();

        await RestoreAsync(kind);
        var a = await StartAsync();
        Assert.False(await a.BelievesAsync(young));
        var b = await StartAsync();

        await LogsAsync(WentBackTooFar, a, b);
        foreach (var node in (AuthApp[])[a, b])
        {
            Assert.Equal([WentBackTooFar], Said(node));
            Assert.Equal(HealthStatus.Degraded, await node.HealthAsync());
            Assert.False(await node.BelievesAsync(revoked));
            Assert.False(await node.BelievesAsync(old));
            Assert.False(await node.BelievesAsync(young));
        }

        var (_, fresh) = await a.SignInAsync();
        Assert.True(await a.BelievesAsync(fresh));
        Assert.True(await b.BelievesAsync(fresh));
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    [InlineData("sqlite")]
    public async Task AfterARestoreThatTheOperatorNamesNobodyFromBeforeIsIn(string kind)
    {
        await UseAsync(kind);
        var before = await StartAsync();
        var (_, old) = await before.SignInAsync();
        var (_, revoked) = await before.SignInAsync();
        await SaveAsync(kind);
        await before.SignOutAsync(revoked);
        await StopAllAsync();
        await RestoreAsync(kind);
        await NextSecondAsync();

        var restoredAt = TimeProvider.System.GetUtcNow();
        var a = await StartAsync(restoredAt);
        await NextSecondAsync();
        Assert.False(await a.BelievesAsync(revoked));
        Assert.False(await a.BelievesAsync(old));
        var (_, fresh) = await a.SignInAsync();

        // The setting is gone again, and what it did stays.
        var b = await StartAsync();
        Assert.False(await b.BelievesAsync(revoked));
        Assert.False(await b.BelievesAsync(old));
        Assert.True(await b.BelievesAsync(fresh));
        Assert.True(await (await StartAsync(restoredAt)).BelievesAsync(fresh));
    }

    [Fact]
    public void LossesAreReadAsTheyWereWritten()
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);
        var losses = StoreLosses.None.With(5, 9, StoreLossKind.Vouched, now, TimeSpan.FromDays(1)).With(0, 20, StoreLossKind.Unvouched, now, TimeSpan.FromDays(1));

        var read = StoreLosses.Parse(losses.Text);

        Assert.Equal((losses.Floor, losses.Last, losses.Text), (read.Floor, read.Last, read.Text));
        Assert.Equal([null, now, now, null], ((long[])[5, 6, 9, 3_000_000_000]).Select(read.LostAt));
        Assert.True(read.Covers(6, 9, now));
        Assert.False(StoreLosses.Parse("of a newer version").Any);
        Assert.Equal(-1, StoreLosses.None.Floor);
    }
}
