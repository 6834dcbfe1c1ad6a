using BlazorAuth.Stores.Postgres;
using Microsoft.AspNetCore.Authentication;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Stores sessions, revocations, Data Protection keys and users in a PostgreSQL database that all nodes share.</summary>
public static class PostgresSessionStoreExtensions
{
    /// <summary>Lets <c>AUTH_STORE</c> and <c>AUTH_ACCOUNTS</c> name a PostgreSQL database: <c>postgres:Host=db;Database=auth;Username=app;Password=…</c>.</summary>
    /// <param name="builder">The builder that <c>AddBlazorAuth</c> returned.</param>
    public static AuthenticationBuilder AddPostgresSessionStore(this AuthenticationBuilder builder) => builder.AddSessionStore<PostgresStoreFactory>();

    /// <summary>
    /// Stores sessions, revocations, Data Protection keys and users in a PostgreSQL database that all nodes share. <c>AUTH_STORE</c> is ignored then. The tables are
    /// created and upgraded by the nodes themselves. Connecting and each command time out after two seconds unless the connection string says otherwise.
    /// </summary>
    /// <param name="builder">The builder that <c>AddBlazorAuth</c> returned.</param>
    /// <param name="connectionString">A connection string for Npgsql: <c>Host=db;Database=auth;Username=app;Password=…</c>. <c>LISTEN</c> needs a session of its
    /// own, so a connection pooler in between must not run in transaction mode.</param>
    public static AuthenticationBuilder AddPostgresSessionStore(this AuthenticationBuilder builder, string connectionString) =>
        builder.AddSessionStore<PostgresStoreFactory>(connectionString);
}
