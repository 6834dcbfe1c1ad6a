namespace BlazorAuth.Tests;

/// <summary>An app with no settings of its own, started once for a class whose tests leave nothing behind.</summary>
public sealed class PlainApp : IAsyncLifetime
{
    private AuthApp? _app;

    internal AuthApp App => _app!;

    public async ValueTask InitializeAsync() => _app = await AuthApp.StartAsync(setup => setup.Options = options => options.RateLimit.PermitLimit = 0);

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;
}
