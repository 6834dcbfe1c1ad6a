using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.Providers;

/// <summary>What a client may add to the authorization request: hints for the provider's page and the scope, never the protocol's own parameters.</summary>
internal static class AuthorizationParameters
{
    private const string Key = "blazorauth.parameters";

    private static readonly string[] Allowed = ["prompt", "login_hint", "scope", "screen_hint", "acr_values", "ui_locales", "domain_hint"];

    public static void Take(IQueryCollection query, AuthenticationProperties properties)
    {
        var taken = Allowed
            .Where(name => query.TryGetValue(name, out var values) && !string.IsNullOrEmpty(values[^1]))
            .ToDictionary(name => name, name => query[name][^1]!, StringComparer.Ordinal);
        if (taken.Count > 0)
        {
            properties.SetParameter(Key, taken);
        }
    }

    /// <summary>Tells the provider to ask the person again, as far as its kind can be told. A client's own <c>prompt</c> does not count here.</summary>
    public static void AskAgain(AuthProvider provider, AuthenticationProperties properties)
    {
        var taken = properties.GetParameter<Dictionary<string, string>>(Key) ?? new(StringComparer.Ordinal);
        if (provider.Type == AuthProviderType.Oidc)
        {
            taken["prompt"] = "login";
            taken["max_age"] = "0";
        }
        else
        {
            foreach (var (name, value) in KnownProvider.Of(provider)?.AskAgain ?? KnownProvider.AskOAuthAgain)
            {
                taken[name] = value;
            }
        }

        properties.SetParameter(Key, taken);
    }

    public static void Add(RedirectContext<OAuthOptions> context)
    {
        if (context.Properties.GetParameter<Dictionary<string, string>>(Key) is { } taken)
        {
            var split = context.RedirectUri.Split('?', 2);
            var query = QueryHelpers.ParseQuery(split.Length > 1 ? split[1] : "").ToDictionary(pair => pair.Key, pair => (string?)pair.Value.ToString());
            foreach (var (name, value) in taken)
            {
                query[name] = value;
            }

            context.RedirectUri = QueryHelpers.AddQueryString(split[0], query);
        }
    }

    public static void Add(Microsoft.AspNetCore.Authentication.OpenIdConnect.RedirectContext context)
    {
        if (context.Properties.GetParameter<Dictionary<string, string>>(Key) is { } taken)
        {
            foreach (var (name, value) in taken)
            {
                context.ProtocolMessage.SetParameter(name, value);
            }
        }
    }
}
