using BlazorAuth.Stores.Redis;
using Microsoft.AspNetCore.Authentication;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Stores sessions, revocations and Data Protection keys on a Redis server that all nodes share.</summary>
public static class RedisSessionStoreExtensions
{
    /// <summary>Lets <c>AUTH_STORE</c> name a Redis server: <c>redis:cache:6379,user=app,password=…</c>.</summary>
    /// <param name="builder">The builder that <c>AddBlazorAuth</c> returned.</param>
    public static AuthenticationBuilder AddRedisSessionStore(this AuthenticationBuilder builder) => builder.AddSessionStore<RedisStoreFactory>();

    /// <summary>
    /// Stores sessions, revocations and Data Protection keys on a Redis server that all nodes share. <c>AUTH_STORE</c> is ignored then. The server must not lose data:
    /// <c>appendonly yes</c> and <c>maxmemory-policy noeviction</c>; a warning is logged otherwise. Each command times out after two seconds unless
    /// the connection string says otherwise.
    /// </summary>
    /// <param name="builder">The builder that <c>AddBlazorAuth</c> returned.</param>
    /// <param name="connectionString">A connection string for StackExchange.Redis: <c>cache:6379,user=app,password=…</c>. Two apps on one server need a
    /// <c>defaultDatabase</c> each.</param>
    public static AuthenticationBuilder AddRedisSessionStore(this AuthenticationBuilder builder, string connectionString) =>
        builder.AddSessionStore<RedisStoreFactory>(connectionString);
}
