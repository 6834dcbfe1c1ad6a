using Microsoft.AspNetCore.Authentication.Google;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;

namespace BlazorAuth.App.StandIns;

/// <summary>
/// Points Google and GitHub schemes without a client of their own at the stand-ins. Runs before the platform's post-configuration,
/// which builds the backchannel, and after every <c>Configure</c>, so a client set in code or by the environment wins.
/// </summary>
internal sealed class StandInOAuthSchemes<TOptions>(
    StandInServer server, StandInOptions standIns, IConfiguration configuration, ILogger<StandInServer> logger) : IPostConfigureOptions<TOptions>
    where TOptions : OAuthOptions, new()
{
    public void PostConfigure(string? name, TOptions options)
    {
        var isGoogle = options is GoogleOptions || string.Equals(name, "google", StringComparison.OrdinalIgnoreCase);
        if (!isGoogle && !string.Equals(name, "github", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var variable = StandInSchemes.Variable(name!, "ID");
        if (!string.IsNullOrEmpty(options.ClientId) || !string.IsNullOrEmpty(configuration[variable]))
        {
            return;
        }

        var root = StandInAddress.Root + (isGoogle ? "/google" : "/github");
        options.ClientId = standIns.ClientId;
        options.ClientSecret = standIns.ClientSecret;
        options.AuthorizationEndpoint = root + (isGoogle ? "/authorize" : "/login/oauth/authorize");
        options.TokenEndpoint = root + (isGoogle ? "/token" : "/login/oauth/access_token");
        options.UserInformationEndpoint = root + (isGoogle ? "/userinfo" : "/user");
        if (!isGoogle)
        {
            // Two GitHub handlers are possible and both call this option so; neither type is known here.
            typeof(TOptions).GetProperty("UserEmailsEndpoint", typeof(string))?.SetValue(options, root + "/user/emails");
        }

        options.BackchannelHttpHandler = new StandInBackchannel(server);
        var next = options.Events.OnRedirectToAuthorizationEndpoint;
        options.Events.OnRedirectToAuthorizationEndpoint = context =>
        {
            server.ThrowIfNotMapped();
            var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(context.RedirectUri).Query);
            context.RedirectUri = StandInAddress.ForBrowser(
                context.RedirectUri, query["redirect_uri"], context.Options.CallbackPath, context.Request);
            return next(context);
        };
        logger.StandInUsed(name!, variable);
    }
}

/// <summary>The same for OpenID Connect schemes that name no issuer.</summary>
internal sealed class StandInOpenIdSchemes(
    StandInServer server, StandInOptions standIns, IConfiguration configuration, ILogger<StandInServer> logger)
    : IPostConfigureOptions<OpenIdConnectOptions>
{
    public void PostConfigure(string? name, OpenIdConnectOptions options)
    {
        var variable = StandInSchemes.Variable(name ?? "", "ISSUER");
        if (!string.IsNullOrEmpty(options.Authority) || !string.IsNullOrEmpty(options.MetadataAddress) || options.Configuration is not null ||
            options.ConfigurationManager is not null || !string.IsNullOrEmpty(configuration[variable]))
        {
            return;
        }

        options.Authority = StandInAddress.Issuer;
        options.RequireHttpsMetadata = false;
        options.ClientId = standIns.ClientId;
        options.ClientSecret = standIns.ClientSecret;
        options.BackchannelHttpHandler = new StandInBackchannel(server);
        var next = options.Events.OnRedirectToIdentityProvider;
        options.Events.OnRedirectToIdentityProvider = context =>
        {
            server.ThrowIfNotMapped();
            var message = context.ProtocolMessage;
            message.IssuerAddress = StandInAddress.ForBrowser(
                message.IssuerAddress, message.RedirectUri, context.Options.CallbackPath, context.Request);
            return next(context);
        };
        logger.StandInUsed(name ?? "", variable);
    }
}

internal static class StandInSchemes
{
    public static string Variable(string scheme, string what) => $"AUTH_{scheme.ToUpperInvariant().Replace('-', '_')}_{what}";

    public static void ThrowIfNotMapped(this StandInServer server)
    {
        if (!server.IsMapped)
        {
            throw new InvalidOperationException("The stand-ins are added but not mapped. Call app.MapStandIns() in Program.cs.");
        }
    }
}
