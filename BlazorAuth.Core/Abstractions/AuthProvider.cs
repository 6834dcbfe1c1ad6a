using Microsoft.AspNetCore.Authentication;

namespace BlazorAuth;

/// <summary>A way to sign in.</summary>
public sealed class AuthProvider
{
    internal AuthProvider()
    {
    }

    /// <summary>The provider's ID: the name of its scheme in lower case. It is part of the provider's URLs.</summary>
    public required string Id { get; init; }

    /// <summary>The provider's display name.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The kind of provider.</summary>
    public required AuthProviderType Type { get; init; }

    /// <summary>The name of the ASP.NET Core scheme.</summary>
    internal string Scheme { get; init; } = "";

    /// <summary>The handler's options; null for credentials.</summary>
    internal RemoteAuthenticationOptions? Options { get; init; }

    /// <inheritdoc />
    public override string ToString() => Id;
}

/// <summary>The kinds of provider that Auth.js knows.</summary>
public enum AuthProviderType
{
    /// <summary>A remote provider that is not OpenID Connect.</summary>
    OAuth,

    /// <summary>An OpenID Connect provider.</summary>
    Oidc,

    /// <summary>User name and password, or anything else that a form can ask for.</summary>
    Credentials,
}
