using BlazorAuth.Accounts;
using BlazorAuth.Configuration;
using BlazorAuth.Stores.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Startup;

/// <summary>
/// Warns if the app was given another store, and the file that it had without one still holds its users: whoever was banned is not any more, and whoever has an account
/// that was disconnected becomes the user it belonged to.
/// </summary>
internal sealed class LeftBehindUsers(IServiceProvider services, ISessionStore sessions, IHostEnvironment host, ILogger<LeftBehindUsers> logger) : LifecycleService
{
    public override Task StartedAsync(CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(Path.Combine(host.ContentRootPath, AuthOptionsSetup.DefaultFile));
        if (File.Exists(path) && (sessions as SqliteSessionStore)?.Path != path && AccountsPath() != path && HasUsers(path))
        {
            logger.UsersLeftBehind(path);
        }

        return Task.CompletedTask;
    }

    // Without accounts there is no store of users to inject.
    private string? AccountsPath() => services.GetRequiredService<IAccountAuthority>() is StoredAccounts ? (services.GetRequiredService<IAccountStore>() as SqliteAccountStore)?.Path : null;

    private static bool HasUsers(string path)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT EXISTS (SELECT 1 FROM users)";
            return command.ExecuteScalar() is 1L;
        }
        catch (SqliteException)
        {
            // Nothing that this app can say anything about: no table of users, or a file of something else.
            return false;
        }
    }
}
