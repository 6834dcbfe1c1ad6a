using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace BlazorAuth.Bench.Endpoints;

/// <summary>Load from wrk on the second core.</summary>
internal static partial class Load
{
    /// <summary>The requests per second that a server answers with 2xx.</summary>
    public static double Run(Server server, string path, int seconds)
    {
        var start = new ProcessStartInfo(
            "taskset",
            ["-c", "1", "wrk", "-t1", "-c16", $"-d{seconds}s", "-H", $"Cookie: {WithCallback(server)}", "-H", "Accept: text/html", server.Url + path])
        {
            RedirectStandardOutput = true,
        };
        using var wrk = Process.Start(start) ?? throw new InvalidOperationException("wrk did not start. Install it: apt-get install wrk");
        var output = wrk.StandardOutput.ReadToEnd();
        wrk.WaitForExit();
        if (output.Contains("Non-2xx", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{server.Url}{path} did not answer 200:\n{output}");
        }

        return double.Parse(Rate().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static string WithCallback(Server server) =>
        $"{server.Cookie}; authjs.callback-url={Uri.EscapeDataString(server.Url)}";

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();
}
