using BlazorAuth;
using BlazorAuth.Stores.Postgres;
using BlazorAuth.Stores.Redis;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Sets the session store in code. <c>AUTH_STORE</c> does the same through configuration, and is ignored when a store is set here.</summary>
public static class SessionStoreExtensions
{
    /// <summary>
    /// Stores sessions, revocations and Data Protection keys in a PostgreSQL database that all nodes share. Its tables are created and upgraded by
    /// the nodes themselves. Connecting and each command may take two seconds unless the connection string says otherwise.
    /// </summary>
    /// <param name="builder">What <c>AddBlazorAuth</c> returned.</param>
    /// <param name="connectionString">As Npgsql reads it: <c>Host=db;Database=auth;Username=app;Password=…</c>. <c>LISTEN</c> needs a session of its
    /// own, so a connection pooler in between must not run in transaction mode.</param>
    public static AuthenticationBuilder AddPostgresSessionStore(this AuthenticationBuilder builder, string connectionString)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return builder.Use(provider => new PostgresSessionStore(
            connectionString, provider.GetRequiredService<SharedClock>(), provider.GetRequiredService<ILogger<PostgresSessionStore>>()));
    }

    /// <summary>
    /// Stores sessions, revocations and Data Protection keys on a Redis server that all nodes share. It must not lose data:
    /// <c>appendonly yes</c> and <c>maxmemory-policy noeviction</c>; a warning is logged otherwise. Each command may take two seconds unless the
    /// connection string says otherwise.
    /// </summary>
    /// <param name="builder">What <c>AddBlazorAuth</c> returned.</param>
    /// <param name="connectionString">As StackExchange.Redis reads it: <c>cache:6379,user=app,password=…</c>. Two apps on one server need a
    /// <c>defaultDatabase</c> each.</param>
    public static AuthenticationBuilder AddRedisSessionStore(this AuthenticationBuilder builder, string connectionString)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return builder.Use(provider => new RedisSessionStore(
            connectionString, provider.GetRequiredService<SharedClock>(), provider.GetRequiredService<ILogger<RedisSessionStore>>()));
    }

    private static AuthenticationBuilder Use(this AuthenticationBuilder builder, Func<IServiceProvider, ISessionStore> create)
    {
        builder.Services.Replace(ServiceDescriptor.Singleton(create));
        return builder;
    }
}
