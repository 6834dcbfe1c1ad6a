using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.StandIns;

/// <summary>What a plain OAuth handler (<c>AddOAuth</c>) talks to: RFC 6749, and a profile with the claim names of OpenID Connect.</summary>
internal sealed class PlainOAuthStandIn(
    StandInOptions options, RedirectUri redirects, StandInGrants grants, StandInPages pages, TimeProvider clock, ILogger<PlainOAuthStandIn> logger)
    : OAuthStandIn(StandInProvider.OAuth, options, redirects, grants, pages, clock, logger)
{
    protected override char ScopeSeparator => ' ';

    public Task UserInfoAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (FindBearer(http.Request) is not { } grant)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return Task.CompletedTask;
        }

        var person = grant.Person;
        return http.Response.WriteAsJsonAsync(
            new
            {
                // Providers use either name.
                id = person.Id,
                sub = person.Id,
                name = person.Name,
                email = person.Email,
                email_verified = grant.Fault != StandInFault.UnverifiedEmail,
                picture = person.HasPicture ? grant.PictureUrl : null,
                roles = person.Roles,
            },
            http.RequestAborted);
    }

    protected override bool IsSupportedGrantType(string? grantType) => grantType == "authorization_code";

    // RFC 6749, 2.3.1: a server takes HTTP Basic, and may take the form.
    protected override (string? Id, string? Secret) Client(HttpRequest request, IFormCollection form)
    {
        var header = request.Headers.Authorization.ToString();
        var bytes = new byte[header.Length];
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) || !Convert.TryFromBase64String(header[6..].Trim(), bytes, out var length))
        {
            return base.Client(request, form);
        }

        var parts = Encoding.UTF8.GetString(bytes.AsSpan(0, length)).Split(':', 2);
        return parts.Length == 2 ? (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1])) : (null, null);
    }

    protected override Task WriteTokenAsync(HttpContext http, StandInGrant grant) =>
        http.Response.WriteAsJsonAsync(
            new { access_token = Grants.IssueToken(grant, "oauth_"), token_type = "Bearer", expires_in = 3600, scope = string.Join(' ', grant.Scopes) },
            http.RequestAborted);

    protected override Task WriteTokenErrorAsync(HttpContext http, TokenError error)
    {
        var (status, code) = error switch
        {
            TokenError.Client => (401, "invalid_client"),
            TokenError.GrantType => (400, "unsupported_grant_type"),
            _ => (400, "invalid_grant"),
        };
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { error = code }, http.RequestAborted);
    }
}
