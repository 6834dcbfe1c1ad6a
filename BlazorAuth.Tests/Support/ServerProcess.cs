using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlazorAuth.Tests;

/// <summary>A program that a test started, with what it wrote. Ended by its id, and with it all that it started.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly SemaphoreSlim _more = new(0);
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
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

    public bool HasExited => _process.HasExited;

    /// <summary>
    /// Starts a command with nothing of this machine's settings for the app: no AUTH_ variable, no environment name, no address. Variables that
    /// are null are taken away.
    /// </summary>
    public static ServerProcess Start(string folder, IReadOnlyDictionary<string, string?>? variables, params string[] command) =>
        new(Command(folder, variables, command));

    public static ServerProcess Start(ProcessStartInfo start) => new(start);

    /// <summary>Starts a program and waits until <paramref name="isReady"/>; fails with what the program wrote when it ends, or after two minutes.</summary>
    public static async Task<ServerProcess> StartAsync(ProcessStartInfo start, Func<Task<bool>> isReady)
    {
        var server = Start(start);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await isReady())
        {
            if (server.HasExited || limit.IsCancellationRequested)
            {
                var output = server.Output;
                await server.DisposeAsync();
                throw new InvalidOperationException($"{start.FileName} did not start: {output}");
            }

            await pace.WaitForNextTickAsync(CancellationToken.None);
        }

        return server;
    }

    /// <inheritdoc cref="RunAsync(ProcessStartInfo, string)" />
    public static Task<string> RunAsync(string folder, IReadOnlyDictionary<string, string?>? variables, params string[] command) =>
        RunAsync(Command(folder, variables, command));

    /// <summary>Runs a program to its end and returns its answer; fails the test, with all that it wrote, when it fails.</summary>
    public static async Task<string> RunAsync(ProcessStartInfo start, string input = "")
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(5));
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, $"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}:\n{await errors}{await output}");
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

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The address an app listens on, as soon as it says so.</summary>
    public async Task<Uri> ListenAsync()
    {
        try
        {
            var first = await Task.WhenAny(_listening.Task, _ended.Task).WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
            Assert.True(first == _listening.Task, "The app ended instead of listening:\n" + Output);
            return await _listening.Task;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The app does not listen; its threads wait for {Waits()}. It wrote:\n{Output}");
        }
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

    /// <summary>Asks the program to end.</summary>
    public async Task StopAsync(string signal = "TERM")
    {
        await RunAsync(new ProcessStartInfo("kill", ["-" + signal, $"{_process.Id}"]));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await _process.WaitForExitAsync(limit.Token);
    }

    /// <summary>Sends a signal to the program and to all that it started.</summary>
    public Task SignalAllAsync(string signal) => RunAsync(new ProcessStartInfo("kill", ["-" + signal, .. Family(_process.Id)]));

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        if (!HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        _more.Dispose();
    }

    private static IEnumerable<string> Family(int id) =>
        File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(child => Family(int.Parse(child, CultureInfo.InvariantCulture))).Prepend($"{id}");

    // A program that hangs has written nothing: what the kernel says of it is all there is.
    private string Waits()
    {
        var tasks = $"/proc/{_process.Id}/task";
        return Directory.Exists(tasks) ? string.Join(", ", Directory.GetDirectories(tasks).Select(task => $"{Text(task, "comm")} {Text(task, "wchan")}")) : "what nobody can tell here";
    }

    private static string Text(string task, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, file)).Trim();
        }
        catch (IOException error)
        {
            return error.Message;
        }
    }

    private static ProcessStartInfo Command(string folder, IReadOnlyDictionary<string, string?>? variables, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = folder };
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToList())
        {
            start.Environment.Remove(name);
        }

        if (command[0] == "dotnet" && !command[1].EndsWith(".dll", StringComparison.Ordinal))
        {
            CompilerServer.Offer(start.Environment);
        }

        foreach (var (name, value) in variables ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        return start;
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
        var start = line.IndexOf(Listening, StringComparison.Ordinal);
        if (start >= 0 && Uri.TryCreate(line[(start + Listening.Length)..].Trim(), UriKind.Absolute, out var address))
        {
            // It listens on a number; a browser uses a name.
            _listening.TrySetResult(new UriBuilder(address) { Host = "localhost" }.Uri);
        }
    }
}
