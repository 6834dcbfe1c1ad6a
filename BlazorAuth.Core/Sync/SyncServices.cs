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
        services.AddSingleton<KnownChanges>();
        services.AddSingleton<StoreOutbox>();
        services.AddSingleton<StoreState>();
        services.AddSingleton<RevocationRecovery>();
        services.AddSingleton<ChangeReader>();
        services.AddSingleton<StoreGate>();
        services.AddSingleton<IStartupFilter>(provider => provider.GetRequiredService<StoreGate>());
        services.AddSingleton<IExceptionHandler>(provider => provider.GetRequiredService<StoreGate>());
        services.AddSingleton<IDeveloperPageExceptionFilter>(provider => provider.GetRequiredService<StoreGate>());
        services.AddHealthChecks().AddCheck<StoreHealth>("blazorauth");
        services.AddHostedService<StoreSync>();
        services.AddSingleton(provider => new ProtectionKeyCipher([.. provider.GetRequiredService<IOptions<AuthOptions>>().Value.Secrets]));
        services.AddDataProtection();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<KeyManagementOptions>, ProtectionKeySetup>());
        services.AddOptions<DataProtectionOptions>().PostConfigure<IHostEnvironment>(UseApplicationName);
    }

    // The platform's default is the folder the app runs in, which differs between nodes and between two starts of a container.
    private static void UseApplicationName(DataProtectionOptions options, IHostEnvironment host)
    {
        if (options.ApplicationDiscriminator is null || options.ApplicationDiscriminator == host.ContentRootPath)
        {
            options.ApplicationDiscriminator = host.ApplicationName;
        }
    }
}
