using Microsoft.AspNetCore.Authentication.Google;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.StandIns;

/// <summary>
/// Points Google, GitHub and plain OAuth schemes without a client of their own at the stand-ins. Runs before the platform's post-configuration,
/// which builds the backchannel, and after every <c>Configure</c>, so a client set in code or by the environment wins. Any other handler is
/// left alone: the stand-ins do not know its protocol.
/// </summary>
internal sealed class StandInOAuthSchemes<TOptions>(
    StandInServer server, StandInOptions standIns, IConfiguration configuration, ILogger<StandInServer> logger) : IPostConfigureOptions<TOptions>
    where TOptions : OAuthOptions, new()
{
    private static readonly Endpoints Google = new("/google/authorize", "/google/token", "/google/userinfo");
    private static readonly Endpoints GitHub = new("/github/login/oauth/authorize", "/github/login/oauth/access_token", "/github/user");
    private static readonly Endpoints Plain = new("/oauth/authorize", "/oauth/token", "/oauth/userinfo");

    public void PostConfigure(string? name, TOptions options)
    {
        if (EndpointsOf(name, options) is not { } endpoints || !string.IsNullOrEmpty(options.ClientId) || configuration.HasClient(name!, "ID"))
        {
            return;
        }

        options.ClientId = standIns.ClientId;
        options.ClientSecret = standIns.ClientSecret;
        options.AuthorizationEndpoint = StandInAddress.Root + endpoints.Authorization;
        options.TokenEndpoint = StandInAddress.Root + endpoints.Token;
        options.UserInformationEndpoint = StandInAddress.Root + endpoints.User;
        if (endpoints == GitHub)
        {
            // There are two GitHub handlers, and both have an option of this name; neither type is known here.
            typeof(TOptions).GetProperty("UserEmailsEndpoint", typeof(string))?.SetValue(options, options.UserInformationEndpoint + "/emails");
        }

        options.BackchannelHttpHandler = new StandInBackchannel(server);
        var next = options.Events.OnRedirectToAuthorizationEndpoint;
        options.Events.OnRedirectToAuthorizationEndpoint = context =>
        {
            var query = QueryHelpers.ParseQuery(new Uri(context.RedirectUri).Query);
            context.RedirectUri = StandInAddress.ForBrowser(
                context.RedirectUri, query["redirect_uri"], context.Options.CallbackPath, context.Request);
            return next(context);
        };
        logger.StandInUsed(name!, StandInSchemes.Variable(name!, "ID"));
    }

    private static Endpoints? EndpointsOf(string? name, TOptions options) =>
        options is GoogleOptions || string.Equals(name, "google", StringComparison.OrdinalIgnoreCase) ? Google
        : string.Equals(name, "github", StringComparison.OrdinalIgnoreCase) ? GitHub
        : typeof(TOptions) == typeof(OAuthOptions) && !string.IsNullOrEmpty(name) ? Plain
        : null;

    private sealed record Endpoints(string Authorization, string Token, string User);
}
