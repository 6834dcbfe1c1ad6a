using System.Diagnostics;
using System.Text.Json.Nodes;

namespace BlazorAuth.Tests;

/// <summary>The real <c>@auth/core</c>, installed into a folder of its own and asked through Node.</summary>
public sealed class AuthJs : IAsyncLifetime
{
    private const string Version = "0.41.3";

    // Takes a list of calls on stdin and answers with a list of results; a refusal is {"error": …}.
    private const string Script = """
        import { encode, decode, getToken } from "@auth/core/jwt"
        import { text } from "node:stream/consumers"
        const calls = { encode, decode, getToken: p => getToken({ ...p, req: { headers: new Headers(p.headers) } }) }
        const results = []
        for (const { call, parameters } of JSON.parse(await text(process.stdin))) {
          try { results.push({ value: await calls[call](parameters) }) }
          catch (error) { results.push({ error: String(error) }) }
        }
        process.stdout.write(JSON.stringify(results))
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("blazorauth-authjs-");
    private string? _node;

    /// <summary>Installs on first use, so that a skip counts for the test that needs it.</summary>
    public async Task<JsonArray> CallAsync(CancellationToken cancellationToken, params JsonObject[] calls)
    {
        if (_node is null)
        {
            var node = Needs.Tool("node");
            await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "package.json"), """{"private":true,"type":"module"}""", cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "calls.js"), Script, cancellationToken);
            await RunAsync(
                Needs.Tool("npm"), "", cancellationToken,
                "install", "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", "@auth/core@" + Version);
            _node = node;
        }

        var output = await RunAsync(_node, new JsonArray([.. calls]).ToJsonString(), cancellationToken, "calls.js");
        return JsonNode.Parse(output)!.AsArray();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<string> RunAsync(string program, string input, CancellationToken cancellationToken, params string[] arguments)
    {
        using var process = new Process
        {
            StartInfo = new(program, arguments)
            {
                WorkingDirectory = _folder.FullName,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        process.Start();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, $"{Path.GetFileName(program)} {arguments[0]} ended with {process.ExitCode}: {await errors}");
            return await output;
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
