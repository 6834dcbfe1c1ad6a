using System.Globalization;
using BlazorAuth.Bench.Endpoints;

if (args is ["serve", var name, var address])
{
    await Servers.RunAsync(name, address);
    return 0;
}

// Each row: what is measured, against what, and the budget as a ratio.
(string What, string Path, string Than, string ThanPath, double Budget)[] rows =
[
    ("GET /session, signed in, than Kestrel's constant", "/api/auth/session", "constant", "/session", 0.75),
    ("GET /session, signed in, than the platform's cookie handler", "/api/auth/session", "cookie", "/session", 1),
    ("GET /session, signed in, than Auth.js", "/api/auth/session", "authjs", "/api/auth/session", 20),
    ("GET /csrf than Kestrel's constant", "/api/auth/csrf", "constant", "/session", 0.75),
    ("GET /providers than Kestrel's constant", "/api/auth/providers", "constant", "/session", 0.75),
    ("GET /signin page than Auth.js's page", "/api/auth/signin", "authjs", "/api/auth/signin", 2),
];

await using var servers = new ServerProcesses();
var seconds = args is ["--seconds", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 3;
Console.WriteLine($"One core for the server, one for the load; the ratio of requests per second, pair by pair, {seconds} s each, five pairs.");
Console.WriteLine();
var isWithin = true;
foreach (var (what, path, than, thanPath, budget) in rows)
{
    var ours = await servers.StartAsync("blazorauth");
    var other = await servers.StartAsync(than);
    var ratios = new List<double>();
    var rates = new List<(double Ours, double Other)>();
    for (var pair = 0; pair < 6; pair++)
    {
        var rate = (Ours: Load.Run(ours, path, seconds), Other: Load.Run(other, thanPath, seconds));
        if (pair > 0)
        {
            rates.Add(rate);
            ratios.Add(rate.Ours / rate.Other);
        }
    }

    ratios.Sort();
    var verdict = ratios[2] >= budget ? "within" : "BELOW";
    isWithin &= ratios[2] >= budget;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{ratios[2],7:0.00}x ({ratios[0]:0.00} to {ratios[4]:0.00}), budget {budget:0.00}x: {verdict}  {what}  [{rates.Average(r => r.Ours):0} and {rates.Average(r => r.Other):0} a second]"));
}

return isWithin ? 0 : 1;
