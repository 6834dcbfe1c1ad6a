using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BlazorAuth.Testing;

/// <summary>Someone who signs in during a test.</summary>
/// <param name="Id">The user ID: the subject of the session.</param>
public sealed record TestUser(string Id)
{
    /// <summary>The name. Default: the capitalized ID, so that "ada" is "Ada".</summary>
    public string Name { get; init; } = Id.Length == 0 ? "" : char.ToUpperInvariant(Id[0]) + Id[1..];

    /// <summary>The verified e-mail address. Default: <c>{id}@example.com</c>.</summary>
    public string? Email { get; init; } = $"{Id}@example.com";

    /// <summary>The roles. Default: none.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The session's provider. Default: <c>test</c>.</summary>
    public string Provider { get; init; } = "test";

    /// <summary>Claims of the app's own, as its <c>OnToken</c> callback would have added them. Default: none.</summary>
    public IReadOnlyDictionary<string, object?> Claims { get; init; } = new Dictionary<string, object?>();

    internal ClaimsPrincipal ToPrincipal()
    {
        var identity = new ClaimsIdentity(Provider);
        identity.AddClaim(new Claim(AuthClaims.Subject, Id));
        identity.AddClaim(new Claim(AuthClaims.Name, Name));
        if (Email is { } email)
        {
            identity.AddClaim(new Claim(AuthClaims.Email, email));
            identity.AddClaim(new Claim(AuthClaims.EmailVerified, "true"));
        }

        identity.AddClaims(Roles.Select(role => new Claim(ClaimTypes.Role, role)));
        return new ClaimsPrincipal(identity);
    }

    internal void AddTo(JsonObject claims)
    {
        foreach (var (name, value) in Claims)
        {
            claims[name] = JsonSerializer.SerializeToNode(value);
        }
    }
}
