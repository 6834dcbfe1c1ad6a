using BlazorAuth;
using BlazorAuth.Startup;
using BlazorAuth.Stores;
using BlazorAuth.Stores.Memory;
using BlazorAuth.Stores.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

internal static class StartupServices
{
    /// <summary>What makes the options, and what checks the set-up when the app starts.</summary>
    public static void AddAuthStartup(this IServiceCollection services)
    {
        services.AddSingleton<DevelopmentSecret>();
        // Before the app's own code, which takes precedence.
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<AuthOptions>, AuthOptionsBinding>());
        services.AddSingleton<IPostConfigureOptions<AuthOptions>, AuthOptionsBinding>();
        services.AddSingleton<IPostConfigureOptions<AuthOptions>, AuthOptionsSetup>();
        services.AddSingleton<IValidateOptions<AuthOptions>, AuthOptionsValidator>();
        services.AddOptions<AuthOptions>().ValidateOnStart();
        services.TryAddScoped<AuthCallbacks>(provider => provider.GetRequiredService<IOptions<AuthOptions>>().Value.Callbacks);
        services.TryAddScoped<AuthEvents>(provider => provider.GetRequiredService<IOptions<AuthOptions>>().Value.Events);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISessionStoreFactory, SqliteStoreFactory>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISessionStoreFactory, MemoryStoreFactory>());
        services.AddSingleton<StoreSchemes>();
        services.AddSingleton<StoreFactory>();
        services.TryAddSingleton(provider => provider.GetRequiredService<StoreFactory>().Create());
        services.AddSingleton<AccountStoreFactory>();
        services.TryAddSingleton(provider => provider.GetRequiredService<AccountStoreFactory>().Create());
        services.AddHostedService<StoreStartup>();
        services.AddHostedService<AuthStartup>();
        services.AddHostedService<AccountStartup>();
        services.AddHostedService<LeftBehindUsers>();
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<IdentityStartup>(provider, services));
        services.AddHostedService<DefaultSchemeStartup>();
        services.AddHostedService<SavedTokensStartup>();
        services.AddHostedService<OverlayStartup>();
        services.AddHostedService<MappingStartup>();
        services.AddHostedService<FrontEndStartup>();
        services.AddHostedService<UnreadSettings>();
        services.AddHostedService<FreshStartup>();
        services.AddHostedService<ForeignOriginsStartup>();
    }
}
