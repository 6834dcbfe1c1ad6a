using BlazorAuth;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

internal static class SessionServices
{
    /// <summary>The manager of sessions, and the rows that it works on.</summary>
    public static void AddAuthSessions(this IServiceCollection services)
    {
        services.TryAddSingleton(IdentityShape.Ours);
        services.TryAddSingleton<IAppSignIn, PrincipalSignIn>();
        services.TryAddSingleton(new StampUse(Counts: false));
        services.AddSingleton<SessionLifetimes>();
        services.AddSingleton<WriteLines>();
        services.AddSingleton<SealedRows>();
        services.AddSingleton<LostRows>();
        services.AddSingleton<UserMoments>();
        services.AddSingleton<IStartupFilter, RequestDecisions.Filter>();
        services.AddSingleton<SessionResealing>();
        services.AddHostedService(provider => provider.GetRequiredService<SessionResealing>());
        services.AddSingleton(provider => new SessionManager(
            provider.GetRequiredService<ISessionStore>(),
            provider.GetRequiredService<SealedRows>(),
            provider.GetRequiredService<KnownChanges>(),
            provider.GetRequiredService<StoreOutbox>(),
            provider.GetRequiredService<StoreState>(),
            provider.GetRequiredService<StoreWatch>(),
            provider.GetRequiredService<ChangeReader>(),
            provider.GetRequiredService<LostRows>(),
            provider.GetRequiredService<UserMoments>(),
            provider.GetRequiredService<SessionLifetimes>(),
            provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetRequiredService<IOptions<AuthOptions>>(),
            provider.GetRequiredService<SharedClock>(),
            provider.GetRequiredService<ILogger<SessionManager>>()));
    }
}
