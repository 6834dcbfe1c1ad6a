using Microsoft.Extensions.Logging;

namespace BlazorAuth.Stores.Postgres;

/// <summary><c>AUTH_STORE=postgres:Host=db;Database=auth</c>, and the same for <c>AUTH_ACCOUNTS</c>.</summary>
internal sealed class PostgresStoreFactory(ILoggerFactory loggers) : ISessionStoreFactory
{
    public string Scheme => "postgres";

    public string Example => "Host=db;Database=auth;Username=app;Password=…";

    public string? Check(string address)
    {
        try
        {
            // Nothing connects before the first call.
            new PostgresDatabase(address).Dispose();
            return null;
        }
        catch (AuthSetupException problem)
        {
            return problem.Message;
        }
    }

    public ISessionStore Create(string address, TimeProvider clock) => new PostgresSessionStore(address, clock, loggers.CreateLogger<PostgresSessionStore>());

    public IAccountStore CreateAccountStore(string address, TimeProvider clock) => new PostgresAccountStore(new PostgresDatabase(address), clock);
}
