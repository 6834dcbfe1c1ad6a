using BlazorAuth.Preview;

namespace Microsoft.Extensions.DependencyInjection;

internal static class PreviewServices
{
    /// <summary>Every page in every state, for Development.</summary>
    public static void AddAuthPreview(this IServiceCollection services)
    {
        services.AddSingleton<PreviewStates>();
    }
}
