using System.Reflection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Startup;

/// <summary>Warns in Development of an app that has <c>SessionOverlay</c> on its pages but not the script that shows it.</summary>
internal sealed class OverlayStartup(IHostEnvironment host, ILogger<OverlayStartup> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (host.IsDevelopment() && Assembly.GetEntryAssembly() is { } app)
        {
            Check(app);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    internal void Check(Assembly app)
    {
        if (AppTypes.UsedIn(app) is { } used && used.Contains("SessionOverlay") && !used.Contains("SessionScript"))
        {
            logger.SessionScriptMissing(app.GetName().Name);
        }
    }
}
