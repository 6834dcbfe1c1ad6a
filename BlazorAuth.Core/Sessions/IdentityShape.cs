using System.Security.Claims;

namespace BlazorAuth.Sessions;

/// <summary>What the identity of a session calls itself, and the types of its claims.</summary>
/// <param name="Type">The identity's authentication type.</param>
/// <param name="Id">The type of the claim with the user's id, besides <c>sub</c> and <see cref="ClaimTypes.NameIdentifier"/>.</param>
/// <param name="Name">The type of the claim with the name.</param>
/// <param name="Email">The type of the claim with the e-mail address.</param>
/// <param name="Role">The type of the claims with roles.</param>
internal sealed record IdentityShape(string Type, string Id, string Name, string Email, string Role)
{
    public static IdentityShape Ours { get; } = new(SessionIdentity.Scheme, ClaimTypes.NameIdentifier, ClaimTypes.Name, ClaimTypes.Email, ClaimTypes.Role);
}
