using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Identity;

/// <summary>As in https://learn.microsoft.com/aspnet/core/security/authentication/mfa: a policy of the app's asks for a second factor by the claim.</summary>
internal sealed class FactoryOfTheDocumentation(UserManager<IdentityUser> users, IOptions<IdentityOptions> options) : UserClaimsPrincipalFactory<IdentityUser>(users, options)
{
    public override async Task<ClaimsPrincipal> CreateAsync(IdentityUser user)
    {
        var principal = await base.CreateAsync(user);
        ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim("amr", user.TwoFactorEnabled ? "mfa" : "pwd"));
        return principal;
    }
}
