using System.Diagnostics;
using System.Runtime.InteropServices;
using BlazorAuth.Tests;

[assembly: AssemblyFixture(typeof(CompilerServer))]

namespace BlazorAuth.Tests;

/// <summary>
/// The compiler that all builds of the tests share: one of its own costs each build three times as much. It ends with the tests; the one that the SDK shares between builds
/// outlives them, and would keep their pipes open.
/// </summary>
public sealed class CompilerServer : IAsyncDisposable
{
    private static readonly string _pipe = $"blazorauth-tests-{Environment.ProcessId}";

    private static readonly Lazy<string[]?> _command = new(Command);

    private static readonly Lazy<ServerProcess?> _server = new(() => _command.Value is { } command ? ServerProcess.Start(new ProcessStartInfo("dotnet", command)) : null);

    /// <summary>What tells a build to use it, and to leave nothing behind.</summary>
    internal static void Offer(IDictionary<string, string?> environment)
    {
        environment["MSBUILDDISABLENODEREUSE"] = "1";
        environment["UseSharedCompilation"] = _server.Value is null ? "false" : "true";
        environment["SharedCompilationId"] = _pipe;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { IsValueCreated: true, Value: { } server })
        {
            await using (server)
            {
                // Told so in its own way, it takes its socket along.
                await ServerProcess.RunAsync(new ProcessStartInfo("dotnet", [.. _command.Value!, "-shutdown"]));
            }
        }
    }

    // A build whose SDK is another one compiles by itself.
    private static string[]? Command()
    {
        var compiler = Sdk() is { } sdk ? Path.Combine(sdk, "Roslyn", "bincore", "VBCSCompiler.dll") : null;
        return File.Exists(compiler) ? ["exec", compiler, "-pipename:" + _pipe] : null;
    }

    // The runtime lies in shared/Microsoft.NETCore.App/{version}, beside the SDKs.
    private static string? Sdk()
    {
        var all = new DirectoryInfo(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "sdk"));
        return all.Exists ? all.GetDirectories().Where(sdk => Version.TryParse(sdk.Name, out _)).MaxBy(sdk => Version.Parse(sdk.Name))?.FullName : null;
    }
}
