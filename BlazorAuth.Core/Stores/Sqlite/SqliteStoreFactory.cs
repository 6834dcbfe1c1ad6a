using Microsoft.Extensions.Hosting;

namespace BlazorAuth.Stores.Sqlite;

/// <summary><c>AUTH_STORE=sqlite:data/auth.db</c>: a file, in the content root unless its path is absolute.</summary>
internal sealed class SqliteStoreFactory(IHostEnvironment host) : ISessionStoreFactory
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(5);

    public string Scheme => "sqlite";

    public string Example => "data/auth.db";

    public string? Check(string address) => address switch
    {
        ":memory:" => "For an in-memory store, use \"memory\".",
        _ when address.Any(char.IsControl) => "The path contains a control character.",
        _ when address.StartsWith("//", StringComparison.Ordinal) || address.StartsWith("file:", StringComparison.OrdinalIgnoreCase) =>
            "After \"sqlite:\" comes a plain path, not a URL, such as sqlite:data/auth.db or sqlite:/var/lib/app/auth.db.",
        _ when Path.EndsInDirectorySeparator(address) => "The path is a folder; add a file name, such as auth.db.",
        _ => null,
    };

    public ISessionStore Create(string address, TimeProvider clock) => new SqliteSessionStore(Path.Combine(host.ContentRootPath, address), clock);

    public IAccountStore CreateAccountStore(string address, TimeProvider clock) =>
        new SqliteAccountStore(new SqliteDatabase(Path.Combine(host.ContentRootPath, address), LockTimeout), clock);
}
