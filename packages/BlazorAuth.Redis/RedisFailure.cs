using StackExchange.Redis;

namespace BlazorAuth.Stores.Redis;

/// <summary>Says what is wrong with the Redis store, and what to do; never the connection string, which may hold a password.</summary>
internal static class RedisFailure
{
    public static bool IsOne(Exception error) => error is RedisException or RedisTimeoutException or TimeoutException or ObjectDisposedException;

    public static SessionStoreException Explain(Exception error) => new(Describe(error), error);

    private static string Describe(Exception error) => error switch
    {
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } =>
            "The session store (Redis) rejects the app's user or password. Check \"user\" and \"password\" in the connection string.",
        RedisServerException { Message: var message } when message.Contains(RedisScripts.NewerSchema, StringComparison.Ordinal) =>
            "The session store (Redis) was written by a newer version of BlazorAuth. Run the newer version, or give this one a separate database (\"defaultDatabase=\").",
        RedisServerException server => $"The session store (Redis) rejected a command: {Code(server.Message)}.{Remedy(server.Message)}",
        RedisTimeoutException or TimeoutException =>
            "The session store (Redis) did not respond in time. Check its load and the network; \"asyncTimeout\" in the connection string is in milliseconds.",
        _ => "The session store (Redis) cannot be reached. Check that the server is running, and the host, port and password in the connection string.",
    };

    // The first word of an error is its code; the rest may repeat what was sent.
    private static string Code(string message) => message.Split(' ', 2)[0];

    private static string Remedy(string message) => Code(message) switch
    {
        "NOAUTH" or "WRONGPASS" => " Check \"user\" and \"password\" in the connection string.",
        "NOPERM" => " The app's user needs the keys {blazorauth}:*, the channels {blazorauth}:*, and scripts.",
        "OOM" => " Its memory is full: raise maxmemory.",
        "READONLY" => " It is a replica: name the primary, or all of them.",
        "LOADING" => " It is still reading its data.",
        "MISCONF" => " It cannot write its data to disk: check its log and its disk.",
        _ => "",
    };
}
