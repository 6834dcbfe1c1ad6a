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
var wanted = args.Where(argument => argument is "revoke" or "memory" or "read").ToHashSet();
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

static async Task RevokeAsync(int count)
{
    Console.WriteLine($"{count} live circuits, one session, one node; time from the call to revoke until the last client has the batch that shows nobody");
    var last = new List<double>();
    var middle = new List<double>();
    await using var server = await ServerProcess.StartAsync("blazorauth");
    for (var run = 0; run <= 10; run++)
    {
        var cookie = await server.EnterAsync("ada");
        await server.OpenAsync(Enumerable.Repeat(cookie, count));
        var before = await server.CountAsync();
        var start = Stopwatch.GetTimestamp();
        var revoked = await server.RevokeAsync("ada");
        var arrived = await Task.WhenAll(server.Clients.Select(client => client.Anonymous)).WaitAsync(TimeSpan.FromSeconds(30));
        var after = await server.CountAsync();
        var times = arrived.Select(at => Stopwatch.GetElapsedTime(start, at).TotalMilliseconds).Order().ToList();
        await server.CloseAllAsync();
        if (revoked != 1 || before.SignedIn < count || after.SignedIn != 0)
        {
            throw new InvalidOperationException($"Not what it should be: {revoked} revoked, {before}, {after}.");
        }

        // The first run compiles.
        Console.WriteLine($"  {(run == 0 ? "warm-up" : "run " + run),-8} {before.SignedIn} signed in before, {after.SignedIn} after; half after {times[count / 2]:0.0} ms, all after {times[^1]:0.0} ms");
        if (run > 0)
        {
            last.Add(times[^1]);
            middle.Add(times[count / 2]);
        }
    }

    Console.WriteLine($"  median of 10 runs: all anonymous after {Median(last):0.0} ms (half of them after {Median(middle):0.0} ms)");
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
