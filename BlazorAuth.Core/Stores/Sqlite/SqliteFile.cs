namespace BlazorAuth.Stores.Sqlite;

/// <summary>The file of a SQLite store, before there is a database in it.</summary>
internal static class SqliteFile
{
    // Closing any handle of a file drops the locks that this process holds on it, so no other store may have opened a file that is about to be created.
    private static readonly Lock Creating = new();

    /// <summary>Creates the file for its owner alone; SQLite gives its companions the same permissions. What exists is left as it is.</summary>
    public static void Create(string path)
    {
        if (Directory.Exists(path))
        {
            throw SqliteFailure.IsFolder(path);
        }

        lock (Creating)
        {
            if (File.Exists(path))
            {
                return;
            }

            try
            {
                CreateFolder(Path.GetDirectoryName(path)!);
                var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite };
                if (!OperatingSystem.IsWindows())
                {
                    options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                }

                using var file = new FileStream(path, options);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another process was faster.
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw SqliteFailure.CannotCreate(path, error);
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
}
