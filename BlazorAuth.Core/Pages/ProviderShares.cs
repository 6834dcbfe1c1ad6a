using BlazorAuth.Providers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;

namespace BlazorAuth.Pages;

/// <summary>Says in words what a provider's scopes ask for.</summary>
internal static class ProviderShares
{
    public static IReadOnlyList<string> Of(AuthProvider provider, AuthTexts texts)
    {
        var scopes = Scopes(provider.Options).ToHashSet(StringComparer.Ordinal);
        // OAuth providers show the public profile whatever the scope is.
        var profile = provider.Type == AuthProviderType.OAuth || scopes.Overlaps(KnownProvider.AllProfileScopes);
        var shares = new List<string> { texts[profile ? "ProviderPage.Profile" : "ProviderPage.Identity"] };
        if (scopes.Overlaps(KnownProvider.AllEmailScopes))
        {
            shares.Add(texts["ProviderPage.Email"]);
        }

        scopes.ExceptWith([.. KnownProvider.AllProfileScopes, .. KnownProvider.AllEmailScopes, "openid"]);
        if (scopes.Count > 0)
        {
            shares.Add(texts["ProviderPage.Scope", string.Join(", ", scopes.Order(StringComparer.Ordinal))]);
        }

        return shares;
    }

    private static IEnumerable<string> Scopes(RemoteAuthenticationOptions? options) => options switch
    {
        OpenIdConnectOptions openId => openId.Scope,
        OAuthOptions oauth => oauth.Scope,
        _ => [],
    };
}
