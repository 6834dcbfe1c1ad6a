using BlazorAuth.Configuration;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Providers.GitHub;

/// <summary>Puts the endpoints of an Enterprise server in the place of those that were left as they were.</summary>
internal sealed class GitHubPostConfigure(AuthEnvironment environment) : IPostConfigureOptions<GitHubOptions>
{
    public void PostConfigure(string? name, GitHubOptions options)
    {
        if (name is not null && options.UserEmailsEndpoint == GitHubDefaults.UserEmailsEndpoint)
        {
            options.UserEmailsEndpoint = environment.Get(AuthProviderRegistry.IdOf(name), "EMAILS_ENDPOINT") ?? options.UserEmailsEndpoint;
        }

        if (options.EnterpriseDomain is not { Length: > 0 } domain)
        {
            return;
        }

        options.AuthorizationEndpoint = Enterprise(options.AuthorizationEndpoint, GitHubDefaults.AuthorizationEndpoint, $"https://{domain}/login/oauth/authorize");
        options.TokenEndpoint = Enterprise(options.TokenEndpoint, GitHubDefaults.TokenEndpoint, $"https://{domain}/login/oauth/access_token");
        options.UserInformationEndpoint = Enterprise(options.UserInformationEndpoint, GitHubDefaults.UserInformationEndpoint, $"https://{domain}/api/v3/user");
        options.UserEmailsEndpoint = Enterprise(options.UserEmailsEndpoint, GitHubDefaults.UserEmailsEndpoint, $"https://{domain}/api/v3/user/emails");
    }

    private static string Enterprise(string current, string usual, string enterprise) => current == usual ? enterprise : current;
}
