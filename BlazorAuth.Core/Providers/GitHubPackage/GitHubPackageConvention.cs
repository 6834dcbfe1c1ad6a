using System.Security.Claims;
using AspNet.Security.OAuth.GitHub;
using BlazorAuth.Configuration;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Providers.GitHubPackage;

/// <summary>
/// Only in builds with <c>-p:GitHubHandler=AspNetContrib</c>: makes the package's handler bring the same address as our own. It takes the public
/// address, or the primary one whether it is verified or not.
/// </summary>
internal sealed class GitHubPackageConvention(AuthEnvironment environment) : IPostConfigureOptions<GitHubAuthenticationOptions>
{
    public void PostConfigure(string? name, GitHubAuthenticationOptions options)
    {
        if (options.UserEmailsEndpoint == GitHubAuthenticationDefaults.UserEmailsEndpoint)
        {
            options.UserEmailsEndpoint = environment.Get(AuthProviderRegistry.IdOf(name ?? ""), "EMAILS_ENDPOINT") ?? options.UserEmailsEndpoint;
        }

        options.Scope.Add("user:email");
        var creating = options.Events.OnCreatingTicket;
        options.Events.OnCreatingTicket = async context =>
        {
            await UseVerifiedAddressAsync(context, options.UserEmailsEndpoint);
            await creating(context);
        };
    }

    private static async Task UseVerifiedAddressAsync(OAuthCreatingTicketContext context, string endpoint)
    {
        var identity = context.Identity!;
        foreach (var unsure in identity.FindAll(ClaimTypes.Email).ToList())
        {
            identity.RemoveClaim(unsure);
        }

        using var addresses = await GitHubEmail.ListAsync(context.Backchannel, endpoint, context.AccessToken, context.HttpContext.RequestAborted);
        if (addresses is not null && GitHubEmail.Find(addresses.RootElement) is { } address)
        {
            identity.AddClaim(new Claim(ClaimTypes.Email, address, ClaimValueTypes.String, context.Options.ClaimsIssuer));
            identity.AddClaim(new Claim(AuthClaims.EmailVerified, "true", ClaimValueTypes.String, context.Options.ClaimsIssuer));
            identity.AddClaim(new Claim(ProviderIdentity.VouchedClaim, "true " + address, ClaimValueTypes.String, context.Options.ClaimsIssuer));
        }
    }
}
