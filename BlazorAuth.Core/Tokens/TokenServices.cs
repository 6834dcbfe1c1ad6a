using BlazorAuth;
using BlazorAuth.Tokens;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

internal static class TokenServices
{
    /// <summary>The session token, and what rows keep, under the secrets of the app.</summary>
    public static void AddAuthTokens(this IServiceCollection services)
    {
        services.AddSingleton(provider => new SessionSeal([.. provider.GetRequiredService<IOptions<AuthOptions>>().Value.Secrets]));
        services.AddSingleton(provider => new SessionToken(new SessionKeyRing(provider.GetRequiredService<IOptions<AuthOptions>>().Value.Secrets)));
    }
}
