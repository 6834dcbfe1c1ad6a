using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth;

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

    // The address in the profile is the public one, of which GitHub says nothing; the list says which is primary and which are verified.
    private async Task AddEmailAsync(ClaimsIdentity identity, OAuthTokenResponse tokens, JsonElement user)
    {
        if (Options.Scope.Contains("user:email") || Options.Scope.Contains("user"))
        {
            using var addresses = await GetAsync(Options.UserEmailsEndpoint, tokens);
            var primary = addresses.RootElement.EnumerateArray().FirstOrDefault(address => Is(address, "primary"));
            if (primary.ValueKind == JsonValueKind.Object && Is(primary, "verified"))
            {
                Add(identity, ClaimTypes.Email, primary.GetProperty("email").GetString());
                Add(identity, AuthClaims.EmailVerified, "true");
            }
        }
        else if (user.TryGetProperty("email", out var email) && email.ValueKind == JsonValueKind.String)
        {
            Add(identity, ClaimTypes.Email, email.GetString());
        }
    }

    private async Task<JsonDocument> GetAsync(string address, OAuthTokenResponse tokens)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.AccessToken);
        request.Headers.UserAgent.ParseAdd("BlazorAuth");
        using var response = await Backchannel.SendAsync(request, Context.RequestAborted);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"GitHub answered {(int)response.StatusCode} when asked for the user.", null, response.StatusCode);
        }

        return await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(Context.RequestAborted), default, Context.RequestAborted);
    }

    private void Add(ClaimsIdentity identity, string type, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            identity.AddClaim(new Claim(type, value, ClaimValueTypes.String, Options.ClaimsIssuer));
        }
    }

    private static bool Is(JsonElement address, string flag) =>
        address.TryGetProperty(flag, out var value) && value.ValueKind == JsonValueKind.True;
}
