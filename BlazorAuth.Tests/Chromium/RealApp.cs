using BlazorAuth.Tests.Delivery;

namespace BlazorAuth.Tests.Chromium;

/// <summary>The app as it was built, in a process of its own, in Development, with nothing but its wwwroot and settings file.</summary>
internal sealed class RealApp : IAsyncDisposable
{
    private readonly Folder _folder;
    private readonly Run _run;

    private RealApp(Folder folder, Run run, Uri address)
    {
        _folder = folder;
        _run = run;
        Address = address;
    }

    public Uri Address { get; }

    public static async Task<RealApp> StartAsync(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var folder = new Folder();
        folder.CopyFrom(Repository.File("wwwroot"), "wwwroot");
        File.Copy(Repository.File("appsettings.Development.json"), folder.File("appsettings.Development.json"));
        var variables = new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>()) { ["ASPNETCORE_ENVIRONMENT"] = "Development" };
        var run = Run.Start(folder.Path, variables, "dotnet", Path.Combine(Repository.AppBuild, "BlazorAuth.App.dll"), "--urls", "http://127.0.0.1:0");
        return new RealApp(folder, run, await run.ListenAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        _folder.Dispose();
    }
}
