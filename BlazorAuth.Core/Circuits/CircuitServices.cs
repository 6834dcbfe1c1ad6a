using BlazorAuth.Circuits;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

internal static class CircuitServices
{
    /// <summary>Live circuits and the session that each shows.</summary>
    public static void AddAuthCircuits(this IServiceCollection services)
    {
        services.AddSingleton<CircuitSessions>();
        services.AddSingleton<SessionHandover>();
        services.AddScoped<SessionStateProvider>();
        services.Replace(ServiceDescriptor.Scoped<AuthenticationStateProvider>(provider => provider.GetRequiredService<SessionStateProvider>()));
        services.AddScoped<CircuitHandler, CircuitSessionHandler>();
        services.AddScoped<PausedOwner>();
        services.AddRazorComponents().RegisterPersistentService<PausedOwner>(RenderMode.InteractiveServer);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, ConnectionMatcher>());
        services.AddCascadingValue(CascadingSession.Create);
    }
}
