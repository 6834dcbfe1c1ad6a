using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth;

/// <summary><c>GET providers</c>: what a person can sign in with. Nothing else leaks.</summary>
internal static class ProvidersEndpoint
{
    public static async Task<IResult> HandleAsync(AuthRequest request, AuthProviders providers)
    {
        var body = new JsonObject();
        foreach (var provider in await providers.ListAsync())
        {
            body[provider.Id] = new JsonObject
            {
                ["id"] = provider.Id,
                ["name"] = provider.DisplayName,
                ["type"] = provider.Type switch
                {
                    AuthProviderType.Oidc => "oidc",
                    AuthProviderType.Credentials => "credentials",
                    _ => "oauth",
                },
                ["signinUrl"] = request.Origin.Absolute(AuthPaths.SignIn("", provider.Id)),
                ["callbackUrl"] = request.Origin.Absolute(AuthPaths.CallbackOf("", provider.Id)),
            };
        }

        return AuthAnswer.Json(body.ToJsonString(AuthJson.Compact));
    }
}
