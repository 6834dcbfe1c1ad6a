using System.Diagnostics;
using System.Text;

namespace BlazorAuth.Tests.Delivery;

/// <summary>A process with nothing of this machine's settings for the app: no AUTH_ variable, no environment name, no address.</summary>
internal sealed class Run : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _more = new(0);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Run(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.Exited += (_, _) => _ended.TrySetResult();
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it has written so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts a program. Variables that are null are taken away.</summary>
    public static Run Start(string folder, IReadOnlyDictionary<string, string?>? variables, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToList())
        {
            start.Environment.Remove(name);
        }

        // No build server may outlive the test: it would keep the pipes open.
        (start.Environment["MSBUILDDISABLENODEREUSE"], start.Environment["UseSharedCompilation"]) = ("1", "false");
        foreach (var (name, value) in variables ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        return new Run(start);
    }

    /// <summary>Runs a program to its end and returns what it wrote; fails the test when it fails.</summary>
    public static async Task<string> ToEndAsync(string folder, IReadOnlyDictionary<string, string?>? variables, params string[] command)
    {
        await using var run = Start(folder, variables, command);
        var code = await run.EndAsync();
        Assert.True(code == 0, $"{string.Join(' ', command)} ended with {code}:\n{run.Output}");
        return run.Output;
    }

    /// <summary>The address the app listens on, as soon as it says so.</summary>
    public async Task<Uri> ListenAsync()
    {
        var first = await Task.WhenAny(_listening.Task, _ended.Task).WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        Assert.True(first == _listening.Task, "The app ended instead of listening:\n" + Output);
        return await _listening.Task;
    }

    /// <summary>Everything written, as soon as it holds a text.</summary>
    public async Task<string> WaitForAsync(string text)
    {
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(_ended.Task.IsCompleted, $"The process ended without writing '{text}':\n{Output}");
            await _more.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        }

        return Output;
    }

    /// <summary>The exit code, once everything that was written has been read.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _more.Dispose();
    }

    private static bool IsSetting(string name) =>
        name.StartsWith("AUTH_", StringComparison.Ordinal) || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
        || name is "DOTNET_ENVIRONMENT" or "DOTNET_URLS" or "MSBUILD_EXE_PATH" or "MSBuildSDKsPath" or "MSBuildExtensionsPath";

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        _more.Release();

        const string Listening = "Now listening on: ";
        var start = line.IndexOf(Listening, StringComparison.Ordinal);
        if (start >= 0 && Uri.TryCreate(line[(start + Listening.Length)..].Trim(), UriKind.Absolute, out var address))
        {
            // It listens on a number; a browser uses a name.
            _listening.TrySetResult(new UriBuilder(address) { Host = "localhost" }.Uri);
        }
    }
}
