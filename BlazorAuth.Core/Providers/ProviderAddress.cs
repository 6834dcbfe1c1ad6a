using BlazorAuth.Configuration;
using BlazorAuth.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;

namespace BlazorAuth.Providers;

/// <summary>The addresses of a provider: none but https, unless it is this very machine or Development.</summary>
internal static class ProviderAddress
{
    public static bool IsLocalOrDevelopment(string? address, AuthEnvironment environment) =>
        environment.IsDevelopment || IsLoopback(address);

    public static bool IsLoopback(string? address) => WebUri.TryParse(address, out var uri) && uri.IsLoopback;

    /// <summary>What is wrong with a provider's addresses; null when nothing is.</summary>
    public static string? Problem(string id, RemoteAuthenticationOptions? options, AuthEnvironment environment)
    {
        (string Name, string? Value)[] addresses = options switch
        {
            OAuthOptions oauth =>
            [
                ("AUTHORIZATION_ENDPOINT", oauth.AuthorizationEndpoint), ("TOKEN_ENDPOINT", oauth.TokenEndpoint),
                ("USERINFO_ENDPOINT", oauth.UserInformationEndpoint),
            ],
            OpenIdConnectOptions oidc => [("ISSUER", oidc.Authority), ("DISCOVERY", oidc.MetadataAddress)],
            _ => [],
        };
        foreach (var (name, value) in addresses)
        {
            if (string.IsNullOrEmpty(value))
            {
                continue;
            }

            var variable = AuthEnvironment.Variable(id, name);
            if (!WebUri.TryParse(value, out var uri))
            {
                // In Development, a stand-in's address may be a path; nothing else may.
                if (!environment.IsDevelopment || options is OpenIdConnectOptions)
                {
                    return $"An address of the provider '{id}' is not a web address. Set {variable} to an https address.";
                }
            }
            else if (uri.Scheme == Uri.UriSchemeHttp && !IsLocalOrDevelopment(value, environment))
            {
                return $"An address of the provider '{id}' is plain http, so codes and tokens could be read in transit. Set {variable} to an https address.";
            }
        }

        return null;
    }
}
