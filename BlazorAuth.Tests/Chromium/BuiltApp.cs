using BlazorAuth.Tests.Delivery;

namespace BlazorAuth.Tests.Chromium;

/// <summary>The app as it was built, in a process of its own, in Development, with nothing but its wwwroot and settings file.</summary>
internal sealed class BuiltApp : IAsyncDisposable
{
    private readonly Folder _folder;
    private readonly ServerProcess _process;

    private BuiltApp(Folder folder, ServerProcess process, Uri address)
    {
        _folder = folder;
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>What it has written so far.</summary>
    public string Output => _process.Output;

    public static async Task<BuiltApp> StartAsync(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var folder = RealApp.CreateFolder();
        var variables = new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>()) { ["ASPNETCORE_ENVIRONMENT"] = "Development" };
        var process = ServerProcess.Start(
            folder.Path, variables, Needs.Tool("dotnet"), Path.Combine(Repository.AppBuild, "BlazorAuth.App.dll"), "--urls", "http://127.0.0.1:0");
        return new BuiltApp(folder, process, await process.ListenAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
