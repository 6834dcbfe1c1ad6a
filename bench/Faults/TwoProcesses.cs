namespace BlazorAuth.Bench.Faults;

/// <summary>Two processes on one SQLite file believe a sign-out of the other within a second.</summary>
internal static class TwoProcesses
{
    private const int Repeats = 40;

    public static async Task RunAsync(Bench bench)
    {
        var store = "sqlite:" + Path.Combine(bench.Folder, "auth.db");
        var (a, b) = (await bench.StartNodeAsync(store), await bench.StartNodeAsync(store));
        var times = new List<double>();
        for (var i = 0; i < Repeats; i++)
        {
            var cookie = (await a.SignInAsync())!;
            Bench.Check(await b.BelievesAsync(cookie), "who signed in on one is in on the other");
            await a.SignOutAsync(cookie);
            times.Add((await Bench.UntilAsync(async () => !await b.BelievesAsync(cookie), "the sign-out is believed")).TotalMilliseconds);
        }

        Console.WriteLine($"  a sign-out is believed by the other after {times.Order().ElementAt(Repeats / 2):0} ms, at most {times.Max():0} ({Repeats} sign-outs)");
        Bench.Check(times.Max() < 1000, "within a second");
    }
}
