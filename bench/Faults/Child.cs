using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace BlazorAuth.Bench.Faults;

/// <summary>A process of a trial, and what it wrote.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    public Child(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

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

    /// <summary>Sends a signal to the process and to all that it started.</summary>
    public Task SignalAsync(string signal) => Bench.RunAsync("kill", ["-" + signal, .. Family(_process.Id)]);

    /// <summary>Asks it to end (<c>SIGTERM</c>; <c>SIGINT</c> where a server ends faster by it), and returns how long that took.</summary>
    public async Task<TimeSpan> StopAsync(string signal = "TERM")
    {
        var began = Stopwatch.GetTimestamp();
        await Bench.RunAsync("kill", "-" + signal, _process.Id.ToString(CultureInfo.InvariantCulture));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(limit.Token);
        return Stopwatch.GetElapsedTime(began);
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static IEnumerable<string> Family(int id) =>
        File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(child => Family(int.Parse(child, CultureInfo.InvariantCulture))).Prepend(id.ToString(CultureInfo.InvariantCulture));

    private void Read(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
