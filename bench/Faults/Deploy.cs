using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace BlazorAuth.Bench.Faults;

/// <summary>Two nodes behind nginx, set up by the file in docs/several-nodes.md, are replaced one after the other under load.</summary>
internal static partial class Deploy
{
    private const int Rounds = 3;

    public static async Task RunAsync(Bench bench)
    {
        var store = await Store.CreateAsync(bench, "redis");
        await store.StartAsync();
        var (front, ports) = (Bench.FreePort(), new[] { Bench.FreePort(), Bench.FreePort() });
        (string, string)[] settings = [("AUTH_URL", $"http://localhost:{front}"), ("AUTH_KNOWN_PROXIES", "127.0.0.1"), ("AUTH_DRAIN_DELAY", "00:00:02")];
        var nodes = ports.Select(port => bench.StartNode(port, store.Address, settings)).ToArray();
        await Task.WhenAll(nodes.Select(ReadyAsync));
        var proxy = new Node(bench.Start(await NginxAsync(bench, front, ports)), front);
        await Bench.UntilAsync(proxy.IsThereAsync, "nginx answers");

        using var end = new CancellationTokenSource();
        var load = Enumerable.Range(0, 8).Select(i => UseAsync(proxy, $"user{i}", end.Token)).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < 2; i++)
            {
                // As the docs say.
                var down = Path.Combine(bench.Folder, $"{ports[i]}.down");
                await File.WriteAllTextAsync(down, "");
                await nodes[i].Process.StopAsync();
                nodes[i] = bench.StartNode(ports[i], store.Address, settings);
                await ReadyAsync(nodes[i]);
                File.Delete(down);
            }
        }

        await end.CancelAsync();
        var (requests, errors) = (await Task.WhenAll(load)).Aggregate((Requests: 0, Errors: new List<string>()), (sum, one) => (sum.Requests + one.Requests, [.. sum.Errors, .. one.Errors]));
        Console.WriteLine($"  {Rounds * 2} nodes replaced under load: {requests} requests, {errors.Count} errors");
        Bench.Check(errors.Count == 0, string.Join("; ", errors.Take(5)));
    }

    // A person who signs in, looks around, and signs out.
    private static async Task<(int Requests, List<string> Errors)> UseAsync(Node site, string user, CancellationToken end)
    {
        var (requests, errors) = (0, new List<string>());
        while (!end.IsCancellationRequested)
        {
            try
            {
                var cookie = await site.SignInAsync(user);
                Bench.Check(cookie is not null, "a sign-in succeeds, not 503");
                for (var i = 0; i < 5; i++)
                {
                    Bench.Check(await site.BelievesAsync(cookie!), "who signed in is in");
                    var (status, _) = await site.GetAsync("/");
                    Bench.Check(status == HttpStatusCode.OK, $"the page answers, not {(int)status}");
                }

                await site.SignOutAsync(cookie!);
                requests += 12;
            }
            catch (Exception error) when (error is BrokenPromiseException or HttpRequestException)
            {
                errors.Add($"{error.Message} {error.InnerException?.Message}".TrimEnd());
            }
        }

        return (requests, errors);
    }

    private static Task ReadyAsync(Node node) => Bench.UntilAsync(
        async () => await node.IsThereAsync() && (await node.HealthAsync()).StartsWith("Healthy", StringComparison.Ordinal), "the node is ready");

    private static async Task<ProcessStartInfo> NginxAsync(Bench bench, int front, int[] ports)
    {
        var docs = await File.ReadAllTextAsync(Path.Combine(Repository(), "docs", "several-nodes.md"));
        var text = Block().Match(docs).Groups[1].Value
            .Replace("8080", $"{front}", StringComparison.Ordinal).Replace("5081", $"{ports[0]}", StringComparison.Ordinal).Replace("5082", $"{ports[1]}", StringComparison.Ordinal);
        var settings = Path.Combine(bench.Folder, "nginx.conf");
        await File.WriteAllTextAsync(settings, text);

        // Its workers are somebody else, and look for the files there.
        await Bench.RunAsync("chmod", "755", bench.Folder);
        return new ProcessStartInfo("nginx", ["-c", settings, "-e", Path.Combine(bench.Folder, "nginx.log"), "-g", $"daemon off; pid {bench.Folder}/nginx.pid;"]) { WorkingDirectory = bench.Folder };
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "BlazorAuth.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    [GeneratedRegex("```nginx\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
