using System.Data.Common;
using Npgsql;

namespace BlazorAuth.Stores.Postgres;

/// <summary>The connections of the PostgreSQL store: prepares the tables on first use, bounds the time a request can wait, and explains failures.</summary>
internal sealed class PostgresDatabase : IDisposable
{
    private const int TimeoutInSeconds = 2;

    // More would not make the database faster.
    private const int MostAtATime = 32;

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _listening;
    private readonly PostgresGate _gate;
    private readonly int _commandTimeout;
    private readonly SemaphoreSlim _preparing = new(1);
    private volatile string? _channel;

    /// <exception cref="AuthSetupException">The connection string cannot be read.</exception>
    public PostgresDatabase(string connectionString)
    {
        try
        {
            var settings = Settings(connectionString);
            _commandTimeout = settings.CommandTimeout;
            _gate = new PostgresGate(Math.Min(settings.MaxPoolSize, MostAtATime), LimitOf(_commandTimeout), AskAsync);
            _source = NpgsqlDataSource.Create(settings);
            settings.Pooling = false;
            settings.KeepAlive = settings.KeepAlive == 0 ? 5 : settings.KeepAlive;
            _listening = NpgsqlDataSource.Create(settings);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or NotSupportedException)
        {
            // Not even as the inner exception: its message may repeat a part of the connection string.
            throw new AuthSetupException("The connection string of the PostgreSQL session store cannot be parsed. Use a form such as Host=db;Database=auth;Username=app;Password=….");
        }
    }

    /// <summary>Where changes are announced: one channel for each schema that holds our tables.</summary>
    public async ValueTask<string> ChannelAsync(CancellationToken cancellationToken) =>
        _channel ?? await GuardedAsync(PrepareAsync, timeoutInSeconds: null, cancellationToken, PostgresCall.Own);

    public void Forget() => _channel = null;

    /// <summary>A connection for listening alone, outside the pool.</summary>
    public ValueTask<NpgsqlConnection> OpenListeningAsync(CancellationToken cancellationToken) => _listening.OpenConnectionAsync(cancellationToken);

    /// <summary>Runs one statement, which is one transaction; <c>@channel</c> in it stands for the channel's name.</summary>
    public Task<T> RunAsync<T>(
        string sql, Func<NpgsqlCommand, CancellationToken, Task<T>> work, CancellationToken cancellationToken, int? timeoutInSeconds = null, params object?[] values) =>
        GuardedAsync(token => RunOnceAsync(sql, work, values, token), timeoutInSeconds, cancellationToken);

    /// <summary>The same for what the node itself has to do, which never waits for what people send.</summary>
    public Task<T> RunOwnAsync<T>(
        string sql, Func<NpgsqlCommand, CancellationToken, Task<T>> work, CancellationToken cancellationToken, int? timeoutInSeconds = null, params object?[] values) =>
        GuardedAsync(token => RunOnceAsync(sql, work, values, token), timeoutInSeconds, cancellationToken, PostgresCall.Own);

    /// <summary>The same for what ends sessions, which waits for nothing else.</summary>
    public Task<T> RunEndingAsync<T>(
        string sql, Func<NpgsqlCommand, CancellationToken, Task<T>> work, CancellationToken cancellationToken, params object?[] values) =>
        GuardedAsync(token => RunOnceAsync(sql, work, values, token), null, cancellationToken, PostgresCall.Ending);

    /// <summary>Runs several statements in one transaction, which ends without a trace unless it is committed.</summary>
    public Task<T> TransactAsync<T>(Func<PostgresTransaction, Task<T>> work, CancellationToken cancellationToken) =>
        GuardedAsync(token => TransactOnceAsync(work, token), null, cancellationToken);

    public SessionStoreException Failed(Exception error)
    {
        if (error is not (PostgresException { IsTransient: false } or PostgresNotTriedException))
        {
            // The server may have ended all connections of the pool; each would fail one more request.
            _source.Clear();
        }

        return PostgresFailure.Explain(error);
    }

    public void Dispose()
    {
        _source.Dispose();
        _listening.Dispose();
        _preparing.Dispose();
        _gate.Dispose();
    }

    // A little more than a statement may take: a connection may have to be opened first. The driver's own statement timeout, which adds up with others and
    // blocks, is off.
    private static TimeSpan LimitOf(int seconds) => seconds > 0 ? TimeSpan.FromSeconds(seconds + 1) : Timeout.InfiniteTimeSpan;

    private async Task<object?> AskAsync(CancellationToken cancellationToken)
    {
        await using var command = _listening.CreateCommand("SELECT 1");
        command.CommandTimeout = 0;
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private async Task<T> GuardedAsync<T>(Func<CancellationToken, Task<T>> work, int? timeoutInSeconds, CancellationToken cancellationToken, PostgresCall kind = PostgresCall.Anyones)
    {
        cancellationToken.ThrowIfCancellationRequested();
        for (var isRetry = false; ; isRetry = true)
        {
            try
            {
                return await _gate.RunAsync(work, LimitOf(timeoutInSeconds ?? _commandTimeout), cancellationToken, kind);
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable && !isRetry)
            {
                // The database was emptied or replaced: it counts as a new store.
                Forget();
            }
            catch (Exception error) when (PostgresFailure.IsOne(error) && !cancellationToken.IsCancellationRequested)
            {
                throw Failed(error);
            }
        }
    }

    private async Task<T> RunOnceAsync<T>(
        string sql, Func<NpgsqlCommand, CancellationToken, Task<T>> work, object?[] values, CancellationToken cancellationToken)
    {
        var channel = _channel ?? await PrepareAsync(cancellationToken);
        await using var command = _source.CreateCommand(sql.Replace("@channel", Quote(channel), StringComparison.Ordinal));
        command.CommandTimeout = 0;
        Array.ForEach(values, value => command.Parameters.Add((value as NpgsqlParameter)?.Clone() ?? new NpgsqlParameter { Value = value ?? DBNull.Value }));
        return await work(command, cancellationToken);
    }

    private async Task<T> TransactOnceAsync<T>(Func<PostgresTransaction, Task<T>> work, CancellationToken cancellationToken)
    {
        _ = _channel ?? await PrepareAsync(cancellationToken);
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        return await work(new PostgresTransaction(connection, transaction, cancellationToken));
    }

    private async Task<string> PrepareAsync(CancellationToken cancellationToken)
    {
        await _preparing.WaitAsync(cancellationToken);
        try
        {
            if (_channel is { } known)
            {
                return known;
            }

            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            await using var command = new NpgsqlCommand("SELECT 'blazorauth_' || left(current_schema(), 50)", connection) { CommandTimeout = 0 };
            var channel = (string)(await command.ExecuteScalarAsync(cancellationToken))!;

            // An upgrade may take longer than a call that only checks whether the server responds again.
            _gate.Answered();
            await PostgresSchema.UpgradeAsync(connection, cancellationToken);
            await PostgresAccountSchema.UpgradeAsync(connection, cancellationToken);
            return _channel = channel;
        }
        finally
        {
            _preparing.Release();
        }
    }

    private static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!given.ContainsKey("Timeout"))
        {
            settings.Timeout = TimeoutInSeconds;
        }

        if (!given.ContainsKey("Command Timeout") && !given.ContainsKey("CommandTimeout"))
        {
            settings.CommandTimeout = TimeoutInSeconds;
        }

        if (!given.ContainsKey("Cancellation Timeout"))
        {
            settings.CancellationTimeout = 500;
        }

        settings.ApplicationName ??= "BlazorAuth";
        return settings;
    }

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
