using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.StandIns;

/// <summary>What a GitHub handler talks to: authorize, access_token, <c>/user</c>, <c>/user/emails</c>.</summary>
internal sealed class GitHubStandIn(
    StandInOptions options, RedirectUri redirects, StandInGrants grants, StandInPages pages, TimeProvider clock, ILogger<GitHubStandIn> logger)
    : OAuthStandIn(StandInProvider.GitHub, options, redirects, grants, pages, clock, logger)
{
    protected override char ScopeSeparator => ',';

    protected override Dictionary<string, string?> DeniedAnswer => new()
    {
        ["error"] = "access_denied",
        ["error_description"] = "The user has denied your application access.",
    };

    public Task UserAsync(HttpContext http) => ReadAsync(http, grant => new
    {
        login = grant.Person.GitHubLogin,
        id = grant.Person.GitHubId,
        avatar_url = grant.PictureUrl,
        url = $"https://api.github.com/users/{grant.Person.GitHubLogin}",
        html_url = $"https://github.com/{grant.Person.GitHubLogin}",
        type = "User",
        name = grant.Person.Name,
        // Only a verified e-mail can be made public.
        email = grant.Person.HasPublicEmail && grant.Fault != StandInFault.UnverifiedEmail ? grant.Person.Email : null,
    });

    public Task EmailsAsync(HttpContext http) => ReadAsync(http, grant =>
    {
        if (!grant.Scopes.Contains("user:email") && !grant.Scopes.Contains("user"))
        {
            return null;
        }

        var verified = grant.Fault != StandInFault.UnverifiedEmail;
        var visibility = grant.Person.HasPublicEmail && verified ? "public" : "private";
        return new[]
        {
            new GitHubEmail(grant.Person.Email, Primary: true, Verified: verified, visibility),
            new GitHubEmail(
                string.Create(CultureInfo.InvariantCulture, $"{grant.Person.GitHubId}+{grant.Person.GitHubLogin}@users.noreply.github.com"),
                Primary: false, Verified: true, Visibility: null),
        };
    });

    // GitHub sends no grant_type back and needs none.
    protected override bool IsSupportedGrantType(string? grantType) => grantType is null or "" or "authorization_code";

    protected override Task WriteTokenAsync(HttpContext http, StandInGrant grant) => WriteAsync(http, new()
    {
        ["access_token"] = Grants.IssueToken(grant, "gho_"),
        ["scope"] = string.Join(',', grant.Scopes),
        ["token_type"] = "bearer",
    });

    // GitHub reports these with status 200.
    protected override Task WriteTokenErrorAsync(HttpContext http, TokenError error)
    {
        var (code, description) = error switch
        {
            TokenError.Client => ("incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect."),
            TokenError.GrantType => ("unsupported_grant_type", "The grant_type is not supported."),
            TokenError.RedirectUri => ("redirect_uri_mismatch", "The redirect_uri is not the one the code was issued for."),
            _ => ("bad_verification_code", "The code passed is incorrect or expired."),
        };
        return WriteAsync(http, new() { ["error"] = code, ["error_description"] = description });
    }

    private static Task WriteAsync(HttpContext http, Dictionary<string, string?> values)
    {
        if (http.Request.GetTypedHeaders().Accept.Any(accept => accept.MediaType == "application/json"))
        {
            return http.Response.WriteAsJsonAsync(values, http.RequestAborted);
        }

        http.Response.ContentType = "application/x-www-form-urlencoded; charset=utf-8";
        return http.Response.WriteAsync(QueryHelpers.AddQueryString("", values)[1..], http.RequestAborted);
    }

    private Task ReadAsync(HttpContext http, Func<StandInGrant, object?> read)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (http.Request.Headers.UserAgent.Count == 0)
        {
            return FailAsync(http, StatusCodes.Status403Forbidden, "Request forbidden by administrative rules: a User-Agent header is required.");
        }

        if ((FindBearer(http.Request) ?? FindBearer(http.Request, "token")) is not { } grant)
        {
            return FailAsync(http, StatusCodes.Status401Unauthorized, "Bad credentials");
        }

        return read(grant) is { } answer
            ? http.Response.WriteAsJsonAsync(answer, answer.GetType(), http.RequestAborted)
            : FailAsync(http, StatusCodes.Status404NotFound, "Not Found");
    }

    private static Task FailAsync(HttpContext http, int status, string message)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { message }, http.RequestAborted);
    }

    private sealed record GitHubEmail(string Email, bool Primary, bool Verified, string? Visibility);
}
