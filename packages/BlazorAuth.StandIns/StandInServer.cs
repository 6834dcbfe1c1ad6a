using Microsoft.AspNetCore.Http;

namespace BlazorAuth.StandIns;

/// <summary>Everything the stand-ins answer, below <see cref="StandInAddress.Prefix"/>.</summary>
internal sealed class StandInServer(GoogleStandIn google, GitHubStandIn gitHub, PlainOAuthStandIn oauth, OpenIdStandIn openId, StandInPages pages)
{
    private static readonly string[] Get = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Post = [HttpMethods.Post];
    private static readonly string[] GetAndPost = [HttpMethods.Get, HttpMethods.Post];

    public IReadOnlyList<StandInRoute> Routes { get; } =
    [
        new("/google/authorize", GetAndPost, google.AuthorizeAsync),
        new("/google/token", Post, google.TokenAsync),
        new("/google/userinfo", Get, google.UserInfoAsync),
        new("/github/login/oauth/authorize", GetAndPost, gitHub.AuthorizeAsync),
        new("/github/login/oauth/access_token", Post, gitHub.TokenAsync),
        new("/github/user", Get, gitHub.UserAsync),
        new("/github/user/emails", Get, gitHub.EmailsAsync),
        new("/oauth/authorize", GetAndPost, oauth.AuthorizeAsync),
        new("/oauth/token", Post, oauth.TokenAsync),
        new("/oauth/userinfo", Get, oauth.UserInfoAsync),
        new("/oidc/.well-known/openid-configuration", Get, openId.AnswerAsync),
        new("/oidc/.well-known/jwks", Get, openId.AnswerAsync),
        new("/oidc/par", Post, openId.AnswerAsync),
        new("/oidc/authorize", GetAndPost, openId.AuthorizeAsync),
        new(OpenIdStandIn.OwnAuthorize, GetAndPost, openId.AuthorizeOwnAsync),
        new("/oidc/token", Post, openId.TokenAsync),
        new("/oidc/userinfo", GetAndPost, openId.UserInfoAsync),
        new("/stand-ins.css", Get, StandInPages.WriteStylesheetAsync),
        new("/people/*", Get, pages.WritePictureAsync),
    ];

    /// <summary>Answers the request and returns true if it is for a stand-in. Whatever precedes the prefix counts as the app's path base.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        var at = path.LastIndexOf(StandInAddress.Prefix + "/", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return false;
        }

        var rest = new PathString(path[(at + StandInAddress.Prefix.Length)..]);
        var fitting = Routes.Where(route => route.Fits(rest)).ToList();
        if (fitting.Count == 0)
        {
            return false;
        }

        if (fitting.Find(route => route.Methods.Contains(http.Request.Method)) is not { } route)
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            http.Response.Headers.Allow = string.Join(", ", fitting.SelectMany(other => other.Methods));
            return true;
        }

        http.Request.PathBase = http.Request.PathBase.Add(path[..at]);
        http.Request.Path = StandInAddress.Prefix + rest;
        await route.Handler(http);
        return true;
    }
}
