using System.Diagnostics;

namespace BlazorAuth.Tests.FrontEnd;

/// <summary>The unmodified clients and <c>@auth/core</c>, installed as the lock file says, and the page bundled once for each client.</summary>
public sealed class ClientPages : IAsyncLifetime
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "FrontEnd", "Clients");

    public async ValueTask InitializeAsync()
    {
        var node = Needs.Tool("node");
        var installed = Path.Combine(Folder, "node_modules", ".installed-lock.json");
        var wanted = await File.ReadAllTextAsync(Path.Combine(Folder, "package-lock.json"));
        if (!File.Exists(installed) || await File.ReadAllTextAsync(installed) != wanted)
        {
            await RunAsync(Needs.Tool("npm"), "ci");
            await File.WriteAllTextAsync(installed, wanted);
        }

        await RunAsync(node, "build.mjs");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task RunAsync(string program, string argument)
    {
        using var process = new Process
        {
            StartInfo = new(program, argument) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        process.Start();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{Path.GetFileName(program)} {argument} ended with {process.ExitCode}: {await output}{await errors}");
            }
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
