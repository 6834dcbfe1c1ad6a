using System.Text;
using Microsoft.Data.Sqlite;

namespace BlazorAuth.Tests.Accounts;

/// <summary>What a backup of the SQLite file says of a user who was deleted before.</summary>
public sealed class DeletedUserBackupTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // The way of docs/backup.md: sqlite3 .backup, which is this call.
    [Fact]
    public async Task ABackupSaysNothingOfADeletedUser()
    {
        using var folder = new TempFolder();
        await using var app = await AuthApp.StartAsync(setup => setup.UseFile(folder));
        var store = app.Services.GetRequiredService<IAccountStore>();
        var now = app.Clock.GetUtcNow();
        for (var i = 0; i < 20; i++)
        {
            var id = "user-" + i;
            await store.CreateAsync(
                new UserRecord { Id = id, Name = "Grace Hopper " + i, Email = $"grace{i}@navy.example", EmailVerifiedAt = now, CreatedAt = now, LastSeenAt = now },
                new AccountRecord { Issuer = "https://id.example", Subject = "subject-of-grace-" + i, Provider = "work", UserId = id, LinkedAt = now, LastUsedAt = now },
                Token);
        }

        var users = app.Services.GetRequiredService<AccountManager>();
        Assert.True(await users.DeleteAsync("user-7", Token));

        var backup = Path.Combine(folder.Path, "backup.db");
        await using (var from = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "sessions.db")};Pooling=False"))
        await using (var to = new SqliteConnection($"Data Source={backup};Pooling=False"))
        {
            await from.OpenAsync(Token);
            await to.OpenAsync(Token);
            from.BackupDatabase(to);
        }

        var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(backup, Token));
        Assert.Contains("grace8@navy.example", text, StringComparison.Ordinal);
        Assert.DoesNotContain("grace7@navy.example", text, StringComparison.Ordinal);
    }
}
