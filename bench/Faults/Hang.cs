using System.Diagnostics;

namespace BlazorAuth.Bench.Faults;

/// <summary>PostgreSQL hangs (<c>SIGSTOP</c>) under sign-ins: reads and probes go on.</summary>
internal static class Hang
{
    public static async Task RunAsync(Bench bench)
    {
        foreach (var kind in (string[])["redis", "postgres"])
        {
            var store = await Store.CreateAsync(bench, kind);
            await store.StartAsync();
            var node = await bench.StartNodeAsync(store.Address);
            await Bench.UntilAsync(async () => await node.HealthAsync() is "Healthy" or "Healthy ", "healthy");
            var cookie = (await node.SignInAsync())!;
            Bench.Check(await node.BelievesAsync(cookie), "in");

            await store.Process!.SignalAsync("STOP");
            using var end = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            var signIns = Enumerable.Range(0, 100).Select(i => KeepSigningInAsync(node, end.Token)).ToList();
            var (reads, probes) = (new List<double>(), new List<double>());
            while (!end.IsCancellationRequested)
            {
                var began = Stopwatch.GetTimestamp();
                Bench.Check(await node.BelievesAsync(cookie), "who is in stays in");
                reads.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                began = Stopwatch.GetTimestamp();
                Bench.Check(await node.IsThereAsync(), "the node is alive");
                probes.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                await Task.Delay(20);
            }

            await Task.WhenAll(signIns);
            await store.Process.SignalAsync("CONT");
            var back = await Bench.UntilAsync(async () => await node.SignInAsync() is not null, "a sign-in succeeds");
            Console.WriteLine(
                $"  {kind,-8} hangs for 20 s under 100 people who sign in: reads {reads.Order().ElementAt(reads.Count / 2):0.0} ms, at most {reads.Max():0}; probes at most {probes.Max():0} ms; sign-in works {back.TotalMilliseconds:0} ms after it goes on");
            Bench.Check(reads.Max() < 1000 && probes.Max() < 1000, "reads and probes do not wait for the store");
        }
    }

    private static async Task KeepSigningInAsync(Node node, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await node.SignInAsync();
            await Task.Delay(100, CancellationToken.None);
        }
    }
}
