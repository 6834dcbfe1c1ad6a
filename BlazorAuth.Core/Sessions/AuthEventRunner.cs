using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sessions;

/// <summary>Tells the app's events. What they throw is logged and changes nothing: what happened stands.</summary>
internal static class AuthEventRunner
{
    public static async ValueTask RunAsync(IServiceProvider services, Func<AuthEvents, ValueTask> tell)
    {
        try
        {
            await tell(services.GetRequiredService<AuthEvents>());
        }
        catch (Exception exception)
        {
            services.GetRequiredService<ILogger<AuthEvents>>().EventFailed(exception);
        }
    }
}
