using BlazorAuth;
using BlazorAuth.Providers.GitHub;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the GitHub provider.</summary>
public static class GitHubExtensions
{
    /// <summary>Adds GitHub with the keys in <c>AUTH_GITHUB_ID</c> and <c>AUTH_GITHUB_SECRET</c>.</summary>
    public static AuthenticationBuilder AddGitHub(this AuthenticationBuilder builder) => builder.AddGitHub(_ => { });

    /// <summary>Adds GitHub.</summary>
    public static AuthenticationBuilder AddGitHub(this AuthenticationBuilder builder, Action<GitHubOptions> configure) =>
        builder.AddGitHub(GitHubDefaults.AuthenticationScheme, configure);

    /// <summary>Adds GitHub under another scheme name.</summary>
    public static AuthenticationBuilder AddGitHub(this AuthenticationBuilder builder, string scheme, Action<GitHubOptions> configure) =>
        builder.AddGitHub(scheme, GitHubDefaults.DisplayName, configure);

    /// <summary>Adds GitHub under another scheme and display name, for instance an Enterprise server in addition to github.com.</summary>
    public static AuthenticationBuilder AddGitHub(
        this AuthenticationBuilder builder, string scheme, string? displayName, Action<GitHubOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<GitHubOptions>, GitHubPostConfigure>());
        return builder.AddOAuth<GitHubOptions, GitHubHandler>(scheme, displayName!, configure);
    }
}
