using Microsoft.Extensions.Logging;

namespace BlazorAuth.Stores.Redis;

/// <summary><c>AUTH_STORE=redis:cache:6379</c>. It keeps no users: a lost ban or a lost account would let the wrong person in.</summary>
internal sealed class RedisStoreFactory(ILoggerFactory loggers) : ISessionStoreFactory
{
    public string Scheme => "redis";

    public string Example => "cache:6379,password=…";

    public string? Check(string address) => RedisDatabase.Problem(address);

    public ISessionStore Create(string address, TimeProvider clock) => new RedisSessionStore(address, clock, loggers.CreateLogger<RedisSessionStore>());
}
