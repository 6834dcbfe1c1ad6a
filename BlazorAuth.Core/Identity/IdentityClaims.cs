using System.Security.Claims;
using System.Text.Json.Nodes;
using BlazorAuth.Sessions;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Identity;

namespace BlazorAuth.Identity;

/// <summary>The claims of a principal that Identity made, as a session holds them: all but the stamp, which only the row has.</summary>
internal static class IdentityClaims
{
    /// <summary>How the person showed who they are; unless an app's factory writes it, a principal that is made later does not have it.</summary>
    public const string Methods = "amr";

    /// <summary>The user as the session shows them.</summary>
    public static SessionUser UserOf(ClaimsPrincipal principal, string userId, bool emailConfirmed, ClaimsIdentityOptions types)
    {
        var email = First(principal, types.EmailClaimType, ClaimTypes.Email, AuthClaims.Email);
        return new()
        {
            Id = userId,
            Name = First(principal, types.UserNameClaimType, ClaimTypes.Name, AuthClaims.Name),
            Email = email,
            EmailVerified = emailConfirmed && email is not null,
            Image = principal.FindFirstValue(AuthClaims.Picture),
        };
    }

    public static JsonObject Of(ClaimsPrincipal principal, SessionUser user, ClaimsIdentityOptions types)
    {
        var claims = SignInGrant.ClaimsOf(user);
        foreach (var group in principal.Claims.GroupBy(claim => NameOf(claim.Type, types), StringComparer.Ordinal))
        {
            if (group.Key is { } name && !AuthClaims.IsReserved(name) && !AuthClaims.IsProfile(name))
            {
                var values = group.Select(claim => claim.Value).Distinct(StringComparer.Ordinal).ToList();
                claims[name] = values.Count == 1 && name != AuthClaims.Roles ? values[0] : new JsonArray([.. values.Select(value => (JsonNode)value)]);
            }
        }

        return claims;
    }

    /// <summary>The stamp, and which claims Identity may take away again: not how the person signed in.</summary>
    public static UserStamp? StampOf(string? stamp, JsonObject claims) => stamp is null ? null : new(
        stamp, [.. claims.Select(claim => claim.Key).Where(name => name is not (Methods or ClaimTypes.AuthenticationMethod))]);

    private static string? NameOf(string type, ClaimsIdentityOptions types) =>
        type == types.SecurityStampClaimType || type == types.UserIdClaimType || type == ClaimTypes.NameIdentifier ? null
        : type == types.UserNameClaimType || type == ClaimTypes.Name ? AuthClaims.Name
        : type == types.EmailClaimType || type == ClaimTypes.Email ? AuthClaims.Email
        : type == types.RoleClaimType || type == ClaimTypes.Role ? AuthClaims.Roles
        : type;

    private static string? First(ClaimsPrincipal principal, params ReadOnlySpan<string> types)
    {
        foreach (var type in types)
        {
            if (principal.FindFirstValue(type) is { } value)
            {
                return value;
            }
        }

        return null;
    }
}
