using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace BlazorAuth.StandIns;

/// <summary>What Google's handler talks to: authorize, token, userinfo v3.</summary>
internal sealed class GoogleStandIn(
    StandInOptions options, RedirectUri redirects, StandInGrants grants, StandInPages pages, TimeProvider clock, ILogger<GoogleStandIn> logger)
    : OAuthStandIn(StandInProvider.Google, options, redirects, grants, pages, clock, logger)
{
    protected override char ScopeSeparator => ' ';

    public Task UserInfoAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (FindBearer(http.Request) is not { } grant)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"";
            return http.Response.WriteAsJsonAsync(
                new { error = "invalid_request", error_description = "Invalid Credentials" }, http.RequestAborted);
        }

        return http.Response.WriteAsJsonAsync(Describe(grant), http.RequestAborted);
    }

    protected override bool IsSupportedGrantType(string? grantType) => grantType == "authorization_code";

    protected override Dictionary<string, string?> CodeAnswer(AuthorizeRequest request, string code) =>
        new() { ["code"] = code, ["scope"] = request.Scope, ["authuser"] = "0", ["prompt"] = "consent" };

    protected override Task WriteTokenAsync(HttpContext http, StandInGrant grant) =>
        http.Response.WriteAsJsonAsync(
            new
            {
                access_token = Grants.IssueToken(grant, "ya29."),
                expires_in = 3599,
                scope = string.Join(' ', grant.Scopes),
                token_type = "Bearer",
            },
            http.RequestAborted);

    protected override Task WriteTokenErrorAsync(HttpContext http, TokenError error)
    {
        var (status, code, description) = error switch
        {
            TokenError.Client => (401, "invalid_client", "The OAuth client was not found or its secret is wrong."),
            TokenError.GrantType => (400, "unsupported_grant_type", "Invalid grant_type."),
            TokenError.RedirectUri => (400, "redirect_uri_mismatch", "Bad Request"),
            _ => (400, "invalid_grant", "Malformed auth code."),
        };
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { error = code, error_description = description }, http.RequestAborted);
    }

    private static Dictionary<string, object> Describe(StandInGrant grant)
    {
        var person = grant.Person;
        var profile = new Dictionary<string, object> { ["sub"] = person.GoogleId };
        if (grant.Scopes.Contains("profile"))
        {
            profile["name"] = person.Name;
            profile["given_name"] = person.GivenName;
            if (person.FamilyName is { } familyName)
            {
                profile["family_name"] = familyName;
            }

            if (person.HasPicture)
            {
                profile["picture"] = grant.PictureUrl;
            }
        }

        if (grant.Scopes.Contains("email"))
        {
            profile["email"] = person.Email;
            profile["email_verified"] = grant.Fault != StandInFault.UnverifiedEmail;
        }

        return profile;
    }
}
