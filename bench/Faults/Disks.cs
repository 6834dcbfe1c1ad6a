namespace BlazorAuth.Bench.Faults;

/// <summary>A disk that is full or read-only under a SQLite file (tmpfs: needs root).</summary>
internal static class Disks
{
    public static async Task RunAsync(Bench bench)
    {
        var disk = Directory.CreateDirectory(Path.Combine(bench.Folder, "disk")).FullName;
        await Bench.RunAsync("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk);
        try
        {
            await FullAsync(bench, disk);
            await ReadOnlyAsync(bench, disk);
        }
        finally
        {
            await Bench.RunAsync("umount", "-l", disk);
        }

        var damaged = Path.Combine(bench.Folder, "damaged.db");
        await File.WriteAllTextAsync(damaged, new string('x', 5000));
        await AssertDoesNotStartAsync(bench, damaged, "a damaged file");
    }

    private static async Task FullAsync(Bench bench, string disk)
    {
        var store = "sqlite:" + Path.Combine(disk, "auth.db");
        var node = await bench.StartNodeAsync(store);
        var (kept, ended) = ((await node.SignInAsync())!, (await node.SignInAsync())!);
        var fill = Path.Combine(disk, "fill");
        await FillAsync(fill);

        var seen = await Bench.UntilAsync(async () => (await node.HealthAsync()).Contains("full", StringComparison.Ordinal), "the health report says that the disk is full", 6);
        Bench.Check(await node.SignInAsync() is null, "a sign-in on a full disk gets a 503");
        Bench.Check(node.Process.Output.Contains("free some space", StringComparison.OrdinalIgnoreCase), "the log names the remedy");
        Bench.Check(await node.BelievesAsync(kept), "who is in stays in");
        await node.SignOutAsync(ended);
        Bench.Check(!await node.BelievesAsync(ended), "a sign-out on a full disk holds");

        File.Delete(fill);
        var back = await Bench.UntilAsync(async () => (await node.HealthAsync()).StartsWith("Healthy", StringComparison.Ordinal), "healthy again");
        await node.Process.StopAsync();
        var later = await bench.StartNodeAsync(store);
        Bench.Check(await later.BelievesAsync(kept) && !await later.BelievesAsync(ended), "the sign-out is in the store, and nobody else is out");
        await later.Process.StopAsync();
        Console.WriteLine($"  a full disk is in the health report after {seen.TotalMilliseconds:0} ms; {back.TotalMilliseconds:0} ms after there is space again it is healthy; the sign-out in between was kept");
    }

    private static async Task ReadOnlyAsync(Bench bench, string disk)
    {
        await Bench.RunAsync("mount", "-o", "remount,ro", disk);
        await AssertDoesNotStartAsync(bench, Path.Combine(disk, "auth.db"), "a read-only folder");
    }

    private static async Task AssertDoesNotStartAsync(Bench bench, string file, string what)
    {
        var node = bench.StartNode(Bench.FreePort(), "sqlite:" + file);
        await Bench.UntilAsync(() => Task.FromResult(node.Process.HasExited), $"{what} stops the start");
        await Bench.UntilAsync(() => Task.FromResult(node.Process.Output.Contains(file, StringComparison.Ordinal)), $"{what} is named: {node.Process.Output}", 2);
        var words = node.Process.Output.Split('\n').First(line => line.Contains(file, StringComparison.Ordinal)).Trim();
        Console.WriteLine($"  {what} stops the start: {words[..Math.Min(words.Length, 240)]}");
    }

    private static async Task FillAsync(string file)
    {
        await using var stream = File.Create(file);
        try
        {
            while (true)
            {
                await stream.WriteAsync(new byte[4096]);
                await stream.FlushAsync();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }
}
