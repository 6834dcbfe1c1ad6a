using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Providers.GitHub;

/// <summary>The platform's OAuth handler with what is peculiar to GitHub: the person, and the one address that GitHub has verified.</summary>
internal sealed class GitHubHandler(IOptionsMonitor<GitHubOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : OAuthHandler<GitHubOptions>(options, loggers, encoder)
{
    protected override async Task<AuthenticationTicket> CreateTicketAsync(
        ClaimsIdentity identity, AuthenticationProperties properties, OAuthTokenResponse tokens)
    {
        using var user = await GetAsync(Options.UserInformationEndpoint, tokens);
        var context = new OAuthCreatingTicketContext(
            new ClaimsPrincipal(identity), properties, Context, Scheme, Options, Backchannel, tokens, user.RootElement);
        context.RunClaimActions();
        await AddEmailAsync(identity, tokens, user.RootElement);
        await Events.CreatingTicket(context);
        return new AuthenticationTicket(context.Principal!, context.Properties, Scheme.Name);
    }

    // The profile has the public address, without saying whether it is verified; the list says which one is primary and which are verified.
    private async Task AddEmailAsync(ClaimsIdentity identity, OAuthTokenResponse tokens, JsonElement user)
    {
        if (Options.Scope.Contains("user:email") || Options.Scope.Contains("user"))
        {
            using var addresses = await GitHubEmail.ListAsync(Backchannel, Options.UserEmailsEndpoint, tokens.AccessToken, Context.RequestAborted);
            if (addresses is not null && GitHubEmail.Find(addresses.RootElement) is { } verified)
            {
                Add(identity, ClaimTypes.Email, verified);
                Add(identity, AuthClaims.EmailVerified, "true");
                Add(identity, ProviderIdentity.VouchedClaim, "true " + verified);
            }
        }
        else if (user.TryGetProperty("email", out var email) && email.ValueKind == JsonValueKind.String)
        {
            Add(identity, ClaimTypes.Email, email.GetString());
        }
    }

    private Task<JsonDocument> GetAsync(string address, OAuthTokenResponse tokens) =>
        GitHubEmail.GetAsync(Backchannel, address, tokens.AccessToken, Context.RequestAborted);

    private void Add(ClaimsIdentity identity, string type, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            identity.AddClaim(new Claim(type, value, ClaimValueTypes.String, Options.ClaimsIssuer));
        }
    }
}
