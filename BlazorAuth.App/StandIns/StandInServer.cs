namespace BlazorAuth.App.StandIns;

/// <summary>Everything the stand-ins answer, below <see cref="StandInAddress.Prefix"/>.</summary>
internal sealed class StandInServer(GoogleStandIn google, GitHubStandIn gitHub, OpenIdStandIn openId, StandInPages pages)
{
    private static readonly string[] Get = [HttpMethods.Get];
    private static readonly string[] Post = [HttpMethods.Post];
    private static readonly string[] GetAndPost = [HttpMethods.Get, HttpMethods.Post];

    /// <summary>Whether a browser can reach the stand-ins.</summary>
    public bool IsMapped { get; set; }

    public IReadOnlyList<StandInRoute> Routes { get; } =
    [
        new("/google/authorize", GetAndPost, google.AuthorizeAsync),
        new("/google/token", Post, google.TokenAsync),
        new("/google/userinfo", Get, google.UserInfoAsync),
        new("/github/login/oauth/authorize", GetAndPost, gitHub.AuthorizeAsync),
        new("/github/login/oauth/access_token", Post, gitHub.TokenAsync),
        new("/github/user", Get, gitHub.UserAsync),
        new("/github/user/emails", Get, gitHub.EmailsAsync),
        new("/oidc/.well-known/openid-configuration", Get, openId.AnswerAsync),
        new("/oidc/.well-known/jwks", Get, openId.AnswerAsync),
        new("/oidc/par", Post, openId.AnswerAsync),
        new("/oidc/authorize", GetAndPost, openId.AuthorizeAsync),
        new("/oidc/token", Post, openId.TokenAsync),
        new("/oidc/userinfo", GetAndPost, openId.UserInfoAsync),
        new("/stand-ins.css", Get, StandInPages.WriteStylesheetAsync),
        new("/people/{file}", Get, pages.WritePictureAsync),
    ];

    /// <summary>Answers a request that never was on the network.</summary>
    public Task AnswerAsync(HttpContext http)
    {
        var route = http.Request.Path.StartsWithSegments(StandInAddress.Prefix, out var path)
            ? Routes.FirstOrDefault(route => path == route.Path && route.Methods.Contains(http.Request.Method))
            : null;
        if (route is not null)
        {
            return route.Handler(http);
        }

        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}

internal sealed record StandInRoute(string Path, IReadOnlyList<string> Methods, RequestDelegate Handler);
