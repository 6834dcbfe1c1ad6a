using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;

namespace BlazorAuth;

/// <summary>The settings of the GitHub provider, under the names that <c>AspNet.Security.OAuth.GitHub</c> uses.</summary>
public sealed class GitHubOptions : OAuthOptions
{
    /// <summary>Sets GitHub's endpoints, the scope <c>user:email</c> and the claims.</summary>
    public GitHubOptions()
    {
        AuthorizationEndpoint = GitHubDefaults.AuthorizationEndpoint;
        TokenEndpoint = GitHubDefaults.TokenEndpoint;
        UserInformationEndpoint = GitHubDefaults.UserInformationEndpoint;
        Scope.Add("user:email");
        ClaimActions.MapJsonKey(ClaimTypes.NameIdentifier, "id");
        ClaimActions.MapJsonKey(ClaimTypes.Name, "login");
        ClaimActions.MapJsonKey("urn:github:name", "name");
        ClaimActions.MapJsonKey("urn:github:url", "html_url");
    }

    /// <summary>
    /// The domain of a GitHub Enterprise Server, such as <c>github.example.com</c>; its endpoints then replace those of github.com, except the ones
    /// that were set. Default: none.
    /// </summary>
    public string? EnterpriseDomain { get; set; }

    /// <summary>The endpoint that returns the person's e-mail addresses; only the primary one counts, and only if it is verified. Default: GitHub's.</summary>
    public string UserEmailsEndpoint { get; set; } = GitHubDefaults.UserEmailsEndpoint;
}

/// <summary>Default values of the GitHub provider.</summary>
public static class GitHubDefaults
{
    /// <summary>The name of the scheme: <c>GitHub</c>.</summary>
    public const string AuthenticationScheme = "GitHub";

    /// <summary>The display name: <c>GitHub</c>.</summary>
    public const string DisplayName = "GitHub";

    internal const string AuthorizationEndpoint = "https://github.com/login/oauth/authorize";
    internal const string TokenEndpoint = "https://github.com/login/oauth/access_token";
    internal const string UserInformationEndpoint = "https://api.github.com/user";
    internal const string UserEmailsEndpoint = "https://api.github.com/user/emails";
}
