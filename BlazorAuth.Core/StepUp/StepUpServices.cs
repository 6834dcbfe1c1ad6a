using BlazorAuth.StepUp;
using Microsoft.AspNetCore.Authorization;

namespace Microsoft.Extensions.DependencyInjection;

internal static class StepUpServices
{
    /// <summary>The policies of <c>RequireFresh</c>, in front of the policy provider that is there.</summary>
    public static void AddAuthStepUp(this IServiceCollection services)
    {
        services.AddSingleton<IAuthorizationHandler, FreshHandler>();
        var inner = services.Last(service => service.ServiceType == typeof(IAuthorizationPolicyProvider) && !service.IsKeyedService);
        services.Add(ServiceDescriptor.Describe(
            typeof(IAuthorizationPolicyProvider), provider => new FreshPolicyProvider((IAuthorizationPolicyProvider)Create(provider, inner)), inner.Lifetime));
    }

    private static object Create(IServiceProvider provider, ServiceDescriptor service) =>
        service.ImplementationInstance
            ?? service.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!);
}
