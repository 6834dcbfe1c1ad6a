using System.Globalization;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace BlazorAuth.Stores.Redis;

/// <summary>The connection of the Redis store, made at first use and restored by itself: bounds the time a request can wait, and explains failures.</summary>
internal sealed class RedisDatabase : IDisposable
{
    private const int TimeoutInMilliseconds = 2000;

    private static readonly RedisKey[] Keys =
    [
        "{blazorauth}:store", "{blazorauth}:expiries", "{blazorauth}:changes", "{blazorauth}:change-times", "{blazorauth}:used-keys",
        "{blazorauth}:nodes",
    ];

    private readonly ConfigurationOptions _settings;
    private readonly TimeProvider _clock;
    private readonly TimeProvider? _serverClock;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private Task<ConnectionMultiplexer>? _connection;
    private int _isChecked;

    /// <exception cref="AuthSetupException">The connection string cannot be read.</exception>
    public RedisDatabase(string connectionString, TimeProvider clock, ILogger logger, TimeProvider? serverClock)
    {
        _clock = clock;
        _serverClock = serverClock;
        _logger = logger;
        _settings = Problem(connectionString) is { } problem ? throw new AuthSetupException(problem) : Settings(connectionString);
    }

    /// <summary>Pub/sub knows no databases, so the number is part of the name.</summary>
    public RedisChannel Channel => RedisChannel.Literal("{blazorauth}:changes:" + Number);

    /// <summary>Runs one of the <see cref="RedisScripts"/>.</summary>
    public Task<RedisResult> RunAsync(string script, CancellationToken cancellationToken, params RedisValue[] values) =>
        ExplainedAsync(
            database => database.ScriptEvaluateAsync(
                script, Keys, [SessionChangeSet.NewStoreId(), Times(), Number, .. values]),
            cancellationToken);

    public async Task<T> ExplainedAsync<T>(Func<IDatabase, Task<T>> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var connection = await ConnectAsync().WaitAsync(cancellationToken);
            return await work(connection.GetDatabase()).WaitAsync(cancellationToken);
        }
        catch (Exception error) when (RedisFailure.IsOne(error))
        {
            throw RedisFailure.Explain(error);
        }
    }

    /// <summary>Warns once of a server that forgets: sessions live longer than caches usually do.</summary>
    public async Task CheckServerAsync(CancellationToken cancellationToken)
    {
        var info = await ExplainedAsync(database => database.ScriptEvaluateAsync(RedisScripts.Info), cancellationToken);
        if (Interlocked.Exchange(ref _isChecked, 1) == 1)
        {
            return;
        }

        var lines = (info.ToString() ?? "").Split('\n', StringSplitOptions.TrimEntries);
        if (lines.Contains("aof_enabled:0"))
        {
            _logger.RedisNotDurable();
        }

        const string Policy = "maxmemory_policy:";
        if (lines.FirstOrDefault(line => line.StartsWith(Policy, StringComparison.Ordinal)) is { } line && line != Policy + "noeviction")
        {
            _logger.RedisEvicts(line[Policy.Length..]);
        }
    }

    public Task<ConnectionMultiplexer> ConnectAsync()
    {
        lock (_gate)
        {
            // It returns without a connection if there is none, and keeps trying; it only throws for errors that cannot resolve themselves.
            return _connection is null or { IsFaulted: true } or { IsCanceled: true }
                ? _connection = ConnectionMultiplexer.ConnectAsync(_settings)
                : _connection;
        }
    }

    public void Dispose() => _ = CloseAsync(_connection);

    // If it has not been created yet, it is disposed of as soon as it is.
    private static async Task CloseAsync(Task<ConnectionMultiplexer>? connection)
    {
        try
        {
            (connection is null ? null : await connection)?.Dispose();
        }
        catch (RedisException)
        {
            // It was never created.
        }
    }

    // The times for writing, for expiry, and the server's own; empty except in tests.
    private string Times() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_clock.GetUtcNow().ToUnixTimeMilliseconds()} {StoreClock.GetExpiryTime(_clock).ToUnixTimeMilliseconds()} {_serverClock?.GetUtcNow().ToUnixTimeMilliseconds()}");

    private string Number => (_settings.DefaultDatabase ?? 0).ToString(CultureInfo.InvariantCulture);

    /// <summary>What is wrong with a connection string; null if it can be parsed.</summary>
    public static string? Problem(string connectionString)
    {
        try
        {
            Settings(connectionString);
            return null;
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            // Without the exception's message, which may repeat a part of the connection string.
            return "The connection string of the Redis session store cannot be parsed. Use a form such as cache:6379,user=app,password=….";
        }
    }

    private static ConfigurationOptions Settings(string connectionString)
    {
        var settings = ConfigurationOptions.Parse(connectionString);
        if (settings.EndPoints.Count == 0)
        {
            throw new ArgumentException("No host.", nameof(connectionString));
        }

        var given = connectionString.Split(',', StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2)[0].Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        settings.AbortOnConnectFail = false;
        settings.ClientName ??= "BlazorAuth";
        settings.ConnectTimeout = given.Contains("connectTimeout") ? settings.ConnectTimeout : TimeoutInMilliseconds;
        settings.AsyncTimeout = given.Contains("asyncTimeout") ? settings.AsyncTimeout : TimeoutInMilliseconds;
        settings.SyncTimeout = given.Contains("syncTimeout") ? settings.SyncTimeout : TimeoutInMilliseconds;
        settings.KeepAlive = given.Contains("keepAlive") ? settings.KeepAlive : 5;
        // At each heartbeat, the driver checks whether to reconnect; by default that is once a second.
        settings.HeartbeatInterval = TimeSpan.FromMilliseconds(250);
        settings.ReconnectRetryPolicy = new LinearRetry(250);
        return settings;
    }
}
