using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlazorAuth.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET providers</c>: what a person can sign in with. Nothing else leaks. The answer is written once for an address of the app.</summary>
internal sealed class ProvidersEndpoint(AuthProviderRegistry providers, IAuthenticationSchemeProvider schemes)
{
    private const int MostRemembered = 64;

    private readonly ConcurrentDictionary<string, (IEnumerable<AuthenticationScheme> From, byte[] Json)> _answers = new(StringComparer.Ordinal);

    public static Task<IResult> HandleAsync(AuthRequest request, ProvidersEndpoint endpoint) => endpoint.AnswerAsync(request.Address);

    private async Task<IResult> AnswerAsync(PublicAddress origin)
    {
        // The platform returns the same list until a scheme is added or removed.
        var all = await schemes.GetAllSchemesAsync();
        if (_answers.TryGetValue(origin.BaseUrl, out var known) && ReferenceEquals(known.From, all))
        {
            return AuthAnswer.Json(known.Json);
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(Describe(await providers.ListAsync(), origin), AuthJson.Compact);
        if (_answers.Count < MostRemembered)
        {
            _answers[origin.BaseUrl] = (all, json);
        }

        return AuthAnswer.Json(json);
    }

    private static JsonObject Describe(IEnumerable<AuthProvider> list, PublicAddress origin)
    {
        var body = new JsonObject();
        foreach (var provider in list)
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
                ["signinUrl"] = origin.Absolute(AuthPaths.SignIn("", provider.Id)),
                ["callbackUrl"] = origin.Absolute(provider.Options?.CallbackPath.ToUriComponent() ?? AuthPaths.CallbackOf("", provider.Id)),
            };
        }

        return body;
    }
}
