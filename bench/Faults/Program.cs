using System.Globalization;
using BlazorAuth.Bench.Faults;

if (args is ["serve"])
{
    NodeApp.Run();
    return 0;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
(string Name, Func<Bench, Task> Run)[] all =
[
    ("start-order", StartOrder.RunAsync), ("clocks", Clocks.RunAsync), ("deploy", Deploy.RunAsync), ("disks", Disks.RunAsync), ("two-processes", TwoProcesses.RunAsync),
    ("hang", Hang.RunAsync),
];
var failed = 0;
foreach (var (name, run) in all.Where(one => args.Length == 0 || args.Contains(one.Name)))
{
    Console.WriteLine();
    Console.WriteLine(name);
    await using var bench = new Bench();
    try
    {
        await run(bench);
    }
    catch (BrokenPromiseException broken)
    {
        failed++;
        Console.WriteLine("  BROKEN: " + broken.Message);
    }
}

Console.WriteLine();
Console.WriteLine(failed == 0 ? "All promises were kept." : $"{failed} broken.");
return failed;
