using Microsoft.Data.Sqlite;

namespace BlazorAuth.Stores.Sqlite;

/// <summary>The file of the SQLite store: creates it, opens it, lines up the writers, and explains failures.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    // Closing any handle of a file drops the locks this process holds on it, so no other store may have opened a file that we are about to create.
    private static readonly Lock Creating = new();

    private readonly string _path;
    private readonly TimeSpan _lockTimeout;
    private readonly string _openingCommands;
    private readonly Lock _preparing = new();
    private readonly SemaphoreSlim _writer = new(1);
    private volatile bool _isPrepared;
    private volatile bool _isDisposed;

    public SqliteDatabase(string path, TimeSpan lockTimeout)
    {
        _path = Path.GetFullPath(path);
        _lockTimeout = lockTimeout;

        // The driver itself retries a locked database every 150 ms for DefaultTimeout; SQLite's own waiting is finer, so it gets the time.
        ConnectionString = new SqliteConnectionStringBuilder { DataSource = _path, DefaultTimeout = 1 }.ToString();

        // FULL: a revocation that was acknowledged survives a power cut.
        _openingCommands = $"PRAGMA busy_timeout = {(long)lockTimeout.TotalMilliseconds}; PRAGMA synchronous = FULL;";
    }

    public string ConnectionString { get; }

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

    public T Write<T>(Func<SqliteConnection, T> work) => _writer.Wait(_lockTimeout) ? WriteAndRelease(work) : throw SqliteFailure.Locked(_path);

    public void Dispose()
    {
        _isDisposed = true;
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
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
                    CreateFile();
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

    /// <summary>Creates the file for its owner alone; SQLite gives its companions the same permissions. What exists is left as it is.</summary>
    private void CreateFile()
    {
        if (Directory.Exists(_path))
        {
            throw SqliteFailure.IsFolder(_path);
        }

        lock (Creating)
        {
            if (File.Exists(_path))
            {
                return;
            }

            try
            {
                CreateFolder(Path.GetDirectoryName(_path)!);
                var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite };
                if (!OperatingSystem.IsWindows())
                {
                    options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                }

                using var file = new FileStream(_path, options);
            }
            catch (IOException) when (File.Exists(_path))
            {
                // Another process was faster.
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw SqliteFailure.CannotCreate(_path, error);
            }
        }
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
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
