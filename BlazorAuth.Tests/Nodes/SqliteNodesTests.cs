using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace BlazorAuth.Tests.Nodes;

/// <summary>Several processes on one file: no signal, but the file itself tells that somebody wrote to it.</summary>
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
    public async Task ARevokedSessionLivesForAQuarterOfASecondOnAnotherNodeAtMost()
    {
        var clock = new TestClock(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var a = await StoreNode.StartAsync(Address, clock);
        await using var b = await StoreNode.StartAsync(Address, clock);
        var (ticket, cookie) = await a.SignInAsync();
        await a.SignOutAsync(cookie);

        Assert.True(await b.BelievesAsync(cookie));
        clock.Advance(TimeSpan.FromMilliseconds(250));

        Assert.True((await b.HearsAsync(ticket.Id)).Revoked);
        Assert.False(await b.BelievesAsync(cookie));
    }

    [Fact]
    public async Task AnEmptiedFolderRevivesNobody()
    {
        var clock = new TestClock(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
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
    public async Task AFileThatAnotherProgramLocksSignsNobodyInKeepsReadingAndIsToldLater()
    {
        await using var a = await StoreNode.StartAsync(Address, configure: options => options.Session.ReconcileInterval = TimeSpan.FromMilliseconds(200));
        var (_, kept) = await a.SignInAsync();
        var (ended, endedCookie) = await a.SignInAsync();
        using (var holder = new SqliteConnection($"Data Source={Address["sqlite:".Length..]};Pooling=False"))
        {
            holder.Open();
            using var transaction = holder.BeginTransaction(deferred: false);

            var answer = await a.SignOutAsync(endedCookie);

            Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
            Assert.False(await a.BelievesAsync(endedCookie));
            Assert.True(await a.BelievesAsync(kept));
            Assert.Null((await a.Store.FindAsync(ended.Id, TestContext.Current.CancellationToken))!.RevokedAt);
        }

        await using var b = await StoreNode.StartAsync(Address, configure: options => options.Session.ReconcileInterval = TimeSpan.FromMilliseconds(200));
        Assert.True((await b.HearsAsync(ended.Id)).Revoked);
    }

    [Fact]
    [Needs(Needs.Build)]
    public Task NoSignOutThatWasAcknowledgedIsLostWhenItsNodeIsKilled() => KilledNode.AssertKeepsItsWordAsync(Address);
}
