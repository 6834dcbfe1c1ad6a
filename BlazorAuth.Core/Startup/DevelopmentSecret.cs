using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Startup;

/// <summary>The secret of a Development run that sets none: made once and kept beside the local store, so that sessions survive a restart.</summary>
internal sealed class DevelopmentSecret(IHostEnvironment host, ILogger<DevelopmentSecret> logger)
{
    private string? _secret;

    public string GetOrCreate() => _secret ??= ReadOrCreate();

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
            logger.DevelopmentSecretNotKept(exception, path);
            return Create();
        }
    }

    private static string Create() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(33));
}
