using Microsoft.Data.Sqlite;
using Xunit;

namespace BlazorAuth.Tests.Stores;

/// <summary>Files that cannot be used, and disks that fail.</summary>
public sealed partial class SqliteSessionStoreTests
{
    [Fact]
    public async Task AFileLockedByAnotherProcessIsReportedAfterTheTimeoutAndServesAgain()
    {
        await CreateAsync("s1");
        using var impatient = Open(FilePath, TimeSpan.FromMilliseconds(50));
        using var holder = new SqliteConnection($"Data Source={FilePath};Pooling=False");
        holder.Open();
        using (var transaction = holder.BeginTransaction(deferred: false))
        {
            var failure = await Assert.ThrowsAsync<SessionStoreException>(() => impatient.RevokeAsync("ada", "s1", Revocation(), Token));
            Assert.Contains("locked by another process", failure.Message, StringComparison.Ordinal);
            Assert.NotNull(await impatient.FindAsync("s1", Token));
        }

        Assert.Equal(RevokeResult.Revoked, await impatient.RevokeAsync("ada", "s1", Revocation(), Token));
    }

    [Theory]
    [InlineData("PRAGMA max_page_count = 1", "is full")]
    [InlineData("PRAGMA query_only = ON", "is read-only")]
    public async Task AFullDiskAndAReadOnlyFileAreReportedAndServeAgain(string limit, string expected)
    {
        // The limit stays on the pooled connection, which the store takes next. SQLite then fails as it does on a real disk.
        await CreateAsync("s1");
        Execute(limit, connectionString: _store.ConnectionString);
        var failure = await Assert.ThrowsAsync<SessionStoreException>(() => FillAsync("big"));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.NotNull(await _store.FindAsync("s1", Token));
        Assert.Null(await _store.FindAsync("big", Token));

        using (var pool = new SqliteConnection(_store.ConnectionString))
        {
            SqliteConnection.ClearPool(pool);
        }

        await FillAsync("big");
        Assert.NotNull(await _store.FindAsync("big", Token));
    }

    [Fact]
    public async Task AFolderInPlaceOfTheFileIsReported() =>
        Assert.Contains("is a folder", await FailureOf(_folder.FullName), StringComparison.Ordinal);

    // Permissions do not bind root, who may run the tests; a file in the way of the folder and /proc bind everybody.
    [Fact]
    public async Task AFolderThatCannotBeCreatedIsReported()
    {
        File.WriteAllText(Path.Join(_folder.FullName, "file"), "");

        Assert.Contains("cannot be created", await FailureOf(Path.Join(_folder.FullName, "file", "auth.db")), StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
        {
            Assert.Contains("cannot be created", await FailureOf("/proc/blazorauth/auth.db"), StringComparison.Ordinal);
            Assert.Contains("cannot be created", await FailureOf("/proc/auth.db"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AFileThatIsNoDatabaseIsReportedAndLeftAlone()
    {
        var path = Path.Join(_folder.FullName, "notes.txt");
        var text = string.Concat(Enumerable.Repeat("These are my notes. ", 100));
        File.WriteAllText(path, text);

        Assert.Contains("is not a SQLite database", await FailureOf(path), StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(path));
    }

    [Fact]
    public async Task ADamagedDatabaseIsReported()
    {
        await CreateAsync("s1");
        Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        _store.Dispose();
        using (var file = File.OpenWrite(FilePath))
        {
            file.Position = 4096;
            file.Write(Enumerable.Repeat((byte)0xAA, (int)file.Length - 4096).ToArray());
        }

        Assert.Contains("is damaged", await FailureOf(FilePath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStoreRecoversWhenItsFolderBecomesUsable()
    {
        var blocker = Path.Join(_folder.FullName, "later");
        File.WriteAllText(blocker, "");
        using var store = Open(Path.Join(blocker, "auth.db"));
        await Assert.ThrowsAsync<SessionStoreException>(() => store.InitializeAsync(Token));
        File.Delete(blocker);

        await store.CreateAsync(Session("s1"), Token);

        Assert.NotNull(await store.FindAsync("s1", Token));
    }

    private async Task<string> FailureOf(string path)
    {
        using var store = Open(path);
        var first = await Assert.ThrowsAsync<SessionStoreException>(() => store.CreateAsync(Session("s1"), Token));
        Assert.Contains(path, first.Message, StringComparison.Ordinal);
        return first.Message;
    }
}
