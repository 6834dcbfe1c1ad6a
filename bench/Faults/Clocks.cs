namespace BlazorAuth.Bench.Faults;

/// <summary>Nodes whose clocks are wrong, or are set while they run (libfaketime), decide like the others and remove nothing.</summary>
internal static class Clocks
{
    public static async Task RunAsync(Bench bench)
    {
        foreach (var kind in (string[])["redis", "postgres"])
        {
            foreach (var offset in (string[])["+31d", "+400d", "-31d"])
            {
                await WrongAsync(bench, kind, offset);
            }

            foreach (var step in (string[])["-1h", "+8s", "+2h"])
            {
                await StepAsync(bench, kind, step);
            }
        }

        await OwnClockAsync(bench);
    }

    private static async Task WrongAsync(Bench bench, string kind, string offset)
    {
        var store = await Store.CreateAsync(bench, kind);
        await store.StartAsync();
        var a = await bench.StartNodeAsync(store.Address);
        var (live, ended) = await PeopleAsync(a);
        var b = await bench.StartNodeAsync(store.Address, [.. Faked, ("FAKETIME", offset)]);
        var seen = await Bench.UntilAsync(async () => (await b.HealthAsync()).StartsWith("Degraded", StringComparison.Ordinal), "the wrong clock is in the health report", 5);

        // Its clean-up runs at its start; this is long enough for the changes of two rounds, too.
        await Task.Delay(TimeSpan.FromSeconds(12));
        var signedIn = (await b.SignInAsync())!;
        Bench.Check(signedIn is not null, "people can sign in on a node with a wrong clock");
        var later = await bench.StartNodeAsync(store.Address);
        foreach (var node in (Node[])[a, b, later])
        {
            await AssertAsync(node, [.. live, signedIn!], ended);
        }

        Console.WriteLine($"  {kind,-8} a node whose clock is {offset}: Degraded after {seen.TotalMilliseconds:0} ms, nobody out, nobody back in");
        await StopAsync(store, a, b, later);
    }

    private static async Task StepAsync(Bench bench, string kind, string step)
    {
        var store = await Store.CreateAsync(bench, kind);
        await store.StartAsync();
        var file = Path.Combine(bench.Folder, Guid.NewGuid().ToString("N"));
        await File.WriteAllTextAsync(file, "+0");
        var a = await bench.StartNodeAsync(store.Address);
        var b = await bench.StartNodeAsync(store.Address, [.. Faked, ("FAKETIME_TIMESTAMP_FILE", file), ("FAKETIME_NO_CACHE", "1")]);
        var (live, ended) = await PeopleAsync(a);
        await File.WriteAllTextAsync(file, step);
        await Task.Delay(TimeSpan.FromSeconds(6));
        await AssertAsync(b, live, ended);
        var times = new List<double>();
        foreach (var (from, to) in (IEnumerable<(Node, Node)>)[(a, b), (b, a)])
        {
            var cookie = (await from.SignInAsync())!;
            Bench.Check(await to.BelievesAsync(cookie), "who signed in on one is in on the other");
            await from.SignOutAsync(cookie);
            times.Add((await Bench.UntilAsync(async () => !await to.BelievesAsync(cookie), "the sign-out is believed", 6)).TotalMilliseconds);
        }

        Console.WriteLine($"  {kind,-8} a clock that is set by {step} while the node runs: sign-outs arrive after {times.Max():0} ms at most, nobody out");
        await StopAsync(store, a, b);
    }

    // SQLite has the machine's clock only.
    private static async Task OwnClockAsync(Bench bench)
    {
        var store = "sqlite:" + Path.Combine(bench.Folder, "clock.db");
        var before = await bench.StartNodeAsync(store);
        var (live, ended) = await PeopleAsync(before);
        await before.Process.StopAsync();
        var fast = await bench.StartNodeAsync(store, [.. Faked, ("FAKETIME", "+31d")]);
        await Task.Delay(TimeSpan.FromSeconds(7));
        foreach (var cookie in live)
        {
            Bench.Check(!await fast.DeletesAsync(cookie), "a node whose clock is far ahead deletes no cookie");
        }

        await fast.Process.StopAsync();
        var after = await bench.StartNodeAsync(store);
        await AssertAsync(after, live, ended);
        Console.WriteLine("  sqlite   a start 31 days ahead: no cookie deleted, and afterwards nobody out and nobody back in");
        await after.Process.StopAsync();
    }

    private static (string, string)[] Faked =>
    [
        ("LD_PRELOAD", Directory.GetDirectories("/usr/lib", "*-linux-gnu").Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).First(File.Exists)), ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("FAKETIME_FORCE_MONOTONIC_FIX", "0"),
    ];

    private static async Task<(string[] Live, string[] Ended)> PeopleAsync(Node node)
    {
        var cookies = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            cookies.Add((await node.SignInAsync())!);
        }

        foreach (var cookie in cookies.Take(4))
        {
            await node.SignOutAsync(cookie);
        }

        return ([.. cookies.Skip(4)], [.. cookies.Take(4)]);
    }

    private static async Task AssertAsync(Node node, string[] live, string[] ended)
    {
        await Bench.UntilAsync(async () => !(await node.HealthAsync()).StartsWith("Unhealthy", StringComparison.Ordinal), "the node has read its store");
        foreach (var cookie in live)
        {
            Bench.Check(await node.BelievesAsync(cookie), "nobody is out");
        }

        foreach (var cookie in ended)
        {
            Bench.Check(!await node.BelievesAsync(cookie), "who signed out stays out");
        }
    }

    private static async Task StopAsync(Store store, params Node[] nodes)
    {
        await Task.WhenAll(nodes.Select(node => node.Process.StopAsync()));
        await store.StopAsync();
    }
}
