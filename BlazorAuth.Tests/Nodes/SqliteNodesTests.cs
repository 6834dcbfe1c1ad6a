using Microsoft.Extensions.Time.Testing;

namespace BlazorAuth.Tests.Nodes;

/// <summary>Several processes on one file: no signal, so the interval of the reconciliation is the longest that a revoked session lives on elsewhere.</summary>
public sealed class SqliteNodesTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("blazorauth-nodes-");

    private string Address => "sqlite:" + Path.Combine(_folder.FullName, "auth.db");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task WithoutASignalARevokedSessionLivesForFiveSecondsOnAnotherNodeAtMost()
    {
        var clock = new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var a = await StoreNode.StartAsync(Address, clock);
        await using var b = await StoreNode.StartAsync(Address, clock);
        var (ticket, cookie) = await a.SignInAsync();
        await a.SignOutAsync(cookie);

        clock.Advance(TimeSpan.FromSeconds(4.999));
        Assert.True(await b.BelievesAsync(cookie));
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True((await b.HearsAsync(ticket.Id)).Revoked);
        Assert.False(await b.BelievesAsync(cookie));
    }

    [Fact]
    public async Task AnEmptiedFolderRevivesNobody()
    {
        var clock = new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        string revoked;
        await using (var before = await StoreNode.StartAsync(Address, clock))
        {
            (_, revoked) = await before.SignInAsync();
            await before.SignOutAsync(revoked);
        }

        foreach (var file in _folder.GetFiles())
        {
            file.Delete();
        }

        clock.Advance(TimeSpan.FromSeconds(1));
        await using var after = await StoreNode.StartAsync(Address, clock);

        Assert.False(await after.BelievesAsync(revoked));
    }

    [Fact]
    public Task NoSignOutThatWasAcknowledgedIsLostWhenItsNodeIsKilled() => KilledNode.AssertKeepsItsWordAsync(Address);
}
