using BlazorAuth;
using BlazorAuth.Sync;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

internal static class SessionServices
{
    /// <summary>The manager of sessions.</summary>
    public static void AddAuthSessions(this IServiceCollection services)
    {
        services.AddSingleton(provider => new SessionManager(
            provider.GetRequiredService<ISessionStore>(),
            provider.GetRequiredService<KnownChanges>(),
            provider.GetRequiredService<StoreOutbox>(),
            provider.GetRequiredService<StoreState>(),
            provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetRequiredService<IOptions<AuthOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SessionManager>>()));
    }
}
