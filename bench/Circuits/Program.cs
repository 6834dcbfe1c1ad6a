using System.Diagnostics;
using System.Globalization;
using BlazorAuth.Bench.Circuits;

if (args is ["serve", var kind, var url])
{
    await Server.RunAsync(kind, url);
    return;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var count = args.Select(argument => int.TryParse(argument, CultureInfo.InvariantCulture, out var number) ? number : 0).DefaultIfEmpty().Max();
count = count > 0 ? count : 1000;
var wanted = args.Where(argument => argument is "revoke" or "memory" or "read" or "changes").ToHashSet();
if (wanted.Count == 0 || wanted.Contains("revoke"))
{
    await RevokeAsync(count);
}

if (wanted.Count == 0 || wanted.Contains("memory"))
{
    await MemoryAsync(count);
}

if (wanted.Count == 0 || wanted.Contains("read"))
{
    ReadCost.Measure();
}

if (wanted.Count == 0 || wanted.Contains("changes"))
{
    ChangeMemory.Measure();
}

static async Task RevokeAsync(int count)
{
    Console.WriteLine($"{count} live circuits, one session, one node; time from the call to revoke until the last client has the batch that shows nobody");
    Console.WriteLine("  told: the platform alone, its circuits told by a bare loop. It is the floor for this machine, which server and clients share.");
    var (told, ours, ratios) = (new List<double>(), new List<double>(), new List<double>());
    await using var floor = await ServerProcess.StartAsync("told");
    await using var server = await ServerProcess.StartAsync("blazorauth");
    for (var run = 0; run <= 15; run++)
    {
        var (least, all) = (await RevokeOnceAsync(floor, count), await RevokeOnceAsync(server, count));

        // The first runs compile.
        Console.WriteLine($"  {(run < 5 ? "warm-up" : "run " + (run - 4)),-8} told {least,6:0.0} ms, blazorauth {all,6:0.0} ms");
        if (run >= 5)
        {
            told.Add(least);
            ours.Add(all);
            ratios.Add(all / least);
        }
    }

    Console.WriteLine($"  median of {ours.Count} runs: told {Median(told):0.0} ms, blazorauth {Median(ours):0.0} ms, ratio {Median(ratios):0.00} ({ratios.Min():0.00}–{ratios.Max():0.00})");
}

/// <summary>Milliseconds until the last of them has the batch.</summary>
static async Task<double> RevokeOnceAsync(ServerProcess server, int count)
{
    var cookie = await server.EnterAsync("ada");
    await server.OpenAsync(Enumerable.Repeat(cookie, count));
    var before = await server.CountAsync();
    var start = Stopwatch.GetTimestamp();
    var revoked = await server.RevokeAsync("ada");
    var arrived = await Task.WhenAll(server.Clients.Select(client => client.Anonymous)).WaitAsync(TimeSpan.FromSeconds(30));
    var after = await server.CountAsync();
    await server.CloseAllAsync();
    return revoked == 1 && before.Live >= count && before.SignedIn >= count && after.SignedIn == 0
        ? arrived.Max(at => Stopwatch.GetElapsedTime(start, at).TotalMilliseconds)
        : throw new InvalidOperationException($"Not what it should be: {revoked} revoked, {before}, {after}.");
}

static async Task MemoryAsync(int count)
{
    Console.WriteLine();
    Console.WriteLine($"Memory of an idle circuit, {count} of them, each with a session of its own (managed heap after a full collection)");
    var plain = await MeasureAsync("plain", count);
    var cookieSize = 0.0;
    foreach (var kind in (string[])["cookies", "blazorauth", "blazorauth-overlay"])
    {
        var size = await MeasureAsync(kind, count);
        cookieSize = kind == "cookies" ? size : cookieSize;
        Console.WriteLine($"  {kind,-20} {size,8:0} bytes, {size - plain,6:+0;-0} against nobody signed in, {size - cookieSize,6:+0;-0} against ASP.NET Core's cookies");
    }

    Console.WriteLine($"  {"plain",-20} {plain,8:0} bytes");
}

static async Task<double> MeasureAsync(string kind, int count)
{
    var sizes = new List<double>();
    for (var run = 0; run < 3; run++)
    {
        await using var server = await ServerProcess.StartAsync(kind);
        var cookies = new List<string>();
        for (var i = 0; i < count + 20; i++)
        {
            cookies.Add(await server.EnterAsync("user-" + i));
        }

        // A node remembers the tokens it read last, 4,096 at most: they are there before the circuits are counted.
        foreach (var cookie in cookies)
        {
            await server.VisitAsync(cookie);
        }

        await server.OpenAsync(cookies.Take(20));
        var before = await server.MemoryAsync();
        await server.OpenAsync(cookies.Skip(20));
        sizes.Add((double)(await server.MemoryAsync() - before) / count);
    }

    return Median(sizes);
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
