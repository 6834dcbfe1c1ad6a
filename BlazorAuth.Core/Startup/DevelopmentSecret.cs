using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Startup;

/// <summary>The secret of a Development run that sets none: made once and kept beside the local store, so that sessions survive a restart.</summary>
internal sealed class DevelopmentSecret(IHostEnvironment host, ILogger<DevelopmentSecret> logger)
{
    private string? _secret;
    private string? _notKeptIn;

    public string GetOrCreate() => _secret ??= ReadOrCreate();

    /// <summary>Says that the secret could not be kept, once the app has started: before, the store may say the same of the same folder.</summary>
    public void Tell()
    {
        if (_notKeptIn is { } path)
        {
            logger.DevelopmentSecretNotKept(path);
        }
    }

    private string ReadOrCreate()
    {
        var path = Path.Combine(host.ContentRootPath, "App_Data", "blazorauth.secret");
        try
        {
            if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: >= AuthOptionsValidator.MinimumSecretLength } kept)
            {
                return kept;
            }

            var secret = Create();
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var writer = new StreamWriter(path, options);
            writer.Write(secret);
            logger.DevelopmentSecretCreated(path);
            return secret;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _notKeptIn = path;
            return Create();
        }
    }

    private static string Create() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(33));
}
