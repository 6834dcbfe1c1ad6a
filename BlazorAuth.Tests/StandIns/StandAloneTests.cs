using BlazorAuth.Tests.Delivery;

namespace BlazorAuth.Tests.StandIns;

/// <summary>The stand-ins as a process of their own, for apps and front ends of any kind.</summary>
[Needs(Needs.Build)]
public sealed class StandAloneTests
{
    private static readonly string Program = Path.Combine(
        AppContext.BaseDirectory.Replace("BlazorAuth.Tests", Path.Combine("packages", "BlazorAuth.StandIns.Tool"), StringComparison.Ordinal), "BlazorAuth.StandIns.Tool.dll");

    [Fact]
    public async Task AnotherAppSignsInThere()
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(
            folder.File("appsettings.json"), """{ "StandIns": { "People": [ { "Id": "kim", "Name": "Kim Lee", "Email": "kim@example.org", "Roles": [ "admin" ] } ] } }""",
            TestContext.Current.CancellationToken);
        await using var process = ServerProcess.Start(folder.Path, null, Needs.Tool("dotnet"), Program, "--urls", "http://127.0.0.1:0");
        var provider = await process.ListenAsync();
        using var client = new HttpClient();
        var start = await client.GetStringAsync(provider, TestContext.Current.CancellationToken);
        Assert.Contains($"issuer         {provider}stand-ins/oidc", start, StringComparison.Ordinal);
        Assert.Contains("secret         stand-in-secret", start, StringComparison.Ordinal);

        await using var app = await AuthApp.StartAsync(setup =>
        {
            (setup.Kestrel, setup.StandIns, setup.Providers) = (true, false, _ => { });
            setup.Settings["AUTH_OIDC_ISSUER"] = $"{provider}stand-ins/oidc";
            (setup.Settings["AUTH_OIDC_ID"], setup.Settings["AUTH_OIDC_SECRET"]) = ("stand-in", "stand-in-secret");
        });
        using var browser = new Browser(app.Address, new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, TimeProvider.System) { LeavesHome = true };
        var picker = await browser.StartSignInAsync("oidc");
        Assert.Equal(provider.Authority, picker.Address.Authority);
        Assert.Null(picker.Document.QuerySelector("button[value=ada]"));
        await browser.ChooseAsync(picker, "kim");
        Assert.Equal("Kim Lee", await browser.NameAsync());
    }

    [Fact]
    public async Task TheProcessDoesNotStartOutsideDevelopment()
    {
        using var folder = new Folder();
        await using var process = ServerProcess.Start(
            folder.Path, new Dictionary<string, string?> { ["ASPNETCORE_ENVIRONMENT"] = "Production" }, Needs.Tool("dotnet"), Program, "--urls", "http://127.0.0.1:0");
        Assert.Equal(1, await process.EndAsync());
        Assert.Contains("they only run in Development. This environment is Production.", process.Output, StringComparison.Ordinal);
    }
}
