namespace BlazorAuth.Bench.Faults;

/// <summary>A node that starts before its store, asked for a page or for a sign-in in the meantime, serves as soon as the store is there.</summary>
internal static class StartOrder
{
    private const int Repeats = 10;

    public static async Task RunAsync(Bench bench)
    {
        foreach (var kind in (string[])["redis", "postgres"])
        {
            foreach (var isPageFirst in (bool[])[true, false])
            {
                var (waits, stops) = (new List<double>(), new List<double>());
                for (var i = 0; i < Repeats; i++)
                {
                    var store = await Store.CreateAsync(bench, kind);
                    var node = await bench.StartNodeAsync(store.Address);
                    if (isPageFirst)
                    {
                        Bench.Check((await node.GetAsync("/")).Text == "page", "pages are served without the store");
                    }
                    else
                    {
                        Bench.Check(await node.SignInAsync() is null, "a sign-in without the store gets a 503");
                    }

                    await store.StartAsync();
                    var signedIn = "";
                    waits.Add((await Bench.UntilAsync(
                        async () => (signedIn = await node.SignInAsync() ?? "") != "" && !(await node.HealthAsync()).StartsWith("Unhealthy", StringComparison.Ordinal),
                        "a sign-in succeeds, and the node has read its store")).TotalMilliseconds);
                    Bench.Check(await node.BelievesAsync(signedIn), "who signed in is in");
                    stops.Add((await node.Process.StopAsync()).TotalMilliseconds);
                    await store.StopAsync();
                }

                Console.WriteLine(
                    $"  {kind,-8} {(isPageFirst ? "page" : "sign-in"),-7} first: a sign-in succeeds {waits.Order().ElementAt(Repeats / 2):0} ms after the store answers, at most {waits.Max():0}; the node ends in {stops.Max():0} ms at most");
                Bench.Check(waits.Max() < 1000, "within a second of the store");
            }
        }
    }
}
