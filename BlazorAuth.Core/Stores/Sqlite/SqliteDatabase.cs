using Microsoft.Data.Sqlite;

namespace BlazorAuth.Stores.Sqlite;

/// <summary>The database of the SQLite store: opens it, lines up the writers, and explains failures.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly string _path;
    private readonly TimeSpan _lockTimeout;
    private readonly string _openingCommands;
    private readonly Lock _preparing = new();
    private readonly SemaphoreSlim _writer = new(1);
    private volatile bool _isPrepared;
    private volatile bool _isDisposed;
    private SqliteConnection? _version;
    private long _seenVersion;

    public SqliteDatabase(string path, TimeSpan lockTimeout)
    {
        _path = System.IO.Path.GetFullPath(path);
        _lockTimeout = lockTimeout;

        // The driver itself retries a locked database every 150 ms for DefaultTimeout; SQLite's own busy timeout is finer, so it gets the time.
        ConnectionString = new SqliteConnectionStringBuilder { DataSource = _path, DefaultTimeout = 1, Mode = SqliteOpenMode.ReadWrite }.ToString();

        // FULL: a revocation that was acknowledged survives a power cut. secure_delete: what was deleted is not in the free space of a backup.
        _openingCommands = $"PRAGMA busy_timeout = {(long)lockTimeout.TotalMilliseconds}; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;";
    }

    public string ConnectionString { get; }

    /// <summary>The full path of the file.</summary>
    public string Path => _path;

    /// <summary>Refuses a file that a newer version has upgraded while this one runs.</summary>
    public void CheckSchema(SqliteConnection connection) => SqliteSchema.Check(connection, _path);

    public void Prepare() => Explained(() =>
    {
        using var connection = Open();
        return true;
    });

    public T Read<T>(Func<SqliteConnection, T> query) => Explained(() =>
    {
        using var connection = Open();
        return query(connection);
    });

    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> query, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        try
        {
            return Task.FromResult(Read(query));
        }
        catch (SessionStoreException error)
        {
            return Task.FromException<T>(error);
        }
    }

    /// <summary>Writes in one transaction. Waits its turn without a thread, so that a locked file costs one thread and not all of them.</summary>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        if (!await _writer.WaitAsync(_lockTimeout, cancellationToken))
        {
            throw SqliteFailure.Locked(_path);
        }

        return WriteAndRelease(work);
    }

    /// <summary>Opens what stands at the path now, and has it looked at. When it is not what this process writes to, it is the next that is used.</summary>
    /// <exception cref="SessionStoreException">There is no file, or it is another one.</exception>
    public void CheckFile(Func<SqliteConnection, bool> isOurs) => Explained(() =>
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder(ConnectionString) { Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        var isFile = File.Exists(_path);
        if (isFile)
        {
            connection.Open();
        }

        if (!isFile || !isOurs(connection))
        {
            ForgetConnections();
            throw isFile ? SqliteFailure.Replaced(_path) : SqliteFailure.Deleted(_path);
        }

        return true;
    });

    /// <summary>Whether another process has written the file since the last call.</summary>
    public bool WasWritten()
    {
        lock (_preparing)
        {
            try
            {
                if (!_isPrepared || _isDisposed)
                {
                    return false;
                }

                // The number is one connection's own: it has to stay the same one. This process's own writes change it too, which costs a needless read.
                _version ??= OpenConnection();
                using var command = _version.CreateCommand();
                command.CommandText = "PRAGMA data_version";
                var version = (long)command.ExecuteScalar()!;
                var before = _seenVersion;
                _seenVersion = version;
                return before != version;
            }
            catch (SqliteException)
            {
                // Whatever is wrong with the file is reported by its next use.
                CloseVersion();
                return true;
            }
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        lock (_preparing)
        {
            CloseVersion();
        }

        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
    }

    private void ForgetConnections()
    {
        lock (_preparing)
        {
            CloseVersion();
            using var connection = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(connection);
        }
    }

    private void CloseVersion()
    {
        _version?.Dispose();
        _version = null;
    }

    private T WriteAndRelease<T>(Func<SqliteConnection, T> work)
    {
        try
        {
            return Explained(() =>
            {
                using var connection = Open();
                using var transaction = connection.BeginTransaction(deferred: false);
                var result = work(connection);
                transaction.Commit();
                return result;
            });
        }
        finally
        {
            _writer.Release();
        }
    }

    private SqliteConnection Open()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!_isPrepared)
        {
            lock (_preparing)
            {
                if (!_isPrepared)
                {
                    SqliteFile.Create(_path);
                    using var first = OpenConnection();
                    using var command = first.CreateCommand();
                    command.CommandText = "PRAGMA journal_mode = WAL";
                    command.ExecuteNonQuery();
                    SqliteSchema.Upgrade(first, _path);
                    SqliteAccountSchema.Upgrade(first, _path);
                    _isPrepared = true;
                }
            }
        }

        return OpenConnection();
    }

    private SqliteConnection OpenConnection()
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = _openingCommands;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private T Explained<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException error)
        {
            throw SqliteFailure.Explain(error, _path);
        }
    }
}
