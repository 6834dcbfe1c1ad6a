using BlazorAuth;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

internal static class SyncServices
{
    /// <summary>What this node knows of its store and of the other nodes; Data Protection keys that all nodes share.</summary>
    public static void AddAuthSync(this IServiceCollection services)
    {
        services.AddSingleton<SharedClock>();
        services.AddSingleton<ClockWatch>();
        services.AddSingleton<KnownChanges>();
        services.AddSingleton<StoreOutbox>();
        services.AddSingleton<StoreState>();
        services.AddSingleton<RevocationRecovery>();
        services.AddSingleton<ChangeReader>();
        services.AddSingleton<StoreWatch>();
        services.AddSingleton<StoreGate>();
        services.AddSingleton<IStartupFilter>(provider => provider.GetRequiredService<StoreGate>());
        services.AddSingleton<IExceptionHandler>(provider => provider.GetRequiredService<StoreGate>());
        services.AddSingleton<IDeveloperPageExceptionFilter>(provider => provider.GetRequiredService<StoreGate>());
        services.AddHealthChecks().AddCheck<StoreHealth>("blazorauth");
        services.AddSingleton<NodeDrain>();
        services.AddHostedService(provider => provider.GetRequiredService<NodeDrain>());
        services.AddOptions<HostOptions>().PostConfigure<IOptions<AuthOptions>>((host, auth) => host.ShutdownTimeout += auth.Value.DrainDelay);
        services.AddHostedService<StoreSync>();
        services.AddProtectionKeys();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<DataProtectionOptions>, ProtectionNameSetup>());
        services.AddSingleton<UnknownKeys>();
        services.AddSingleton<IStartupFilter>(provider => provider.GetRequiredService<UnknownKeys>());
        services.AddSingleton(provider => new ProtectionKeyCipher([.. provider.GetRequiredService<IOptions<AuthOptions>>().Value.Secrets]));
    }

    /// <summary>The app's Data Protection keys live in the session store.</summary>
    public static void AddProtectionKeys(this IServiceCollection services)
    {
        services.AddSingleton<ProtectionKeyReader>();
        services.AddSingleton<ProtectionKeyRepository>();
        services.AddDataProtection();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<KeyManagementOptions>, ProtectionKeySetup>());

        // The app's own key manager is kept.
        if (services.LastOrDefault(service => service.ServiceType == typeof(IKeyManager)) is { } manager && manager.ImplementationType == typeof(XmlKeyManager))
        {
            services.TryAddSingleton<XmlKeyManager>();
            services.Replace(ServiceDescriptor.Singleton<IKeyManager, ProtectionKeyManager>());
        }
    }
}
