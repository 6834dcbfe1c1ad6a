using System.Globalization;
using BlazorAuth.Bench.Pages;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Playwright;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int Rounds = 9;
if (args is ["picture", var demo, var picture])
{
    using var player = await Playwright.CreateAsync();
    await using var browser = await player.Chromium.LaunchAsync(new() { ExecutablePath = Server.Chromium(), Args = ["--no-sandbox", "--disable-gpu"] });
    await new SignOutPicture(demo, Directory.CreateTempSubdirectory("sign-out").FullName).DrawAsync(browser, picture);
    return;
}

await using var app = Server.Create();
await app.StartAsync();
var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
using var playwright = await Playwright.CreateAsync();
await using var chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Server.Chromium(), Args = ["--no-sandbox", "--disable-gpu", "--disable-quic"] });

Console.WriteLine($"largest contentful paint on a slow phone, median of {Rounds} (least–most)");
foreach (var path in (string[])["/api/auth/signin", "/api/auth/signin/github", "/api/auth/error?error=AccessDenied"])
{
    var times = new List<double>();
    for (var round = 0; round < Rounds; round++)
    {
        times.Add(await SlowPhone.MeasureAsync(chromium, address + path));
    }

    times.Sort();
    Console.WriteLine($"  {path,-36} {times[Rounds / 2],6:0} ms ({times[0]:0}–{times[^1]:0})");
}
