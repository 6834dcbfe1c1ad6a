using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.StandIns;

/// <summary>The same as <see cref="StandInOAuthSchemes{TOptions}"/> for OpenID Connect schemes that name no issuer.</summary>
internal sealed class StandInOpenIdSchemes(
    StandInServer server, StandInOptions standIns, IConfiguration configuration, ILogger<StandInServer> logger)
    : IPostConfigureOptions<OpenIdConnectOptions>
{
    public void PostConfigure(string? name, OpenIdConnectOptions options)
    {
        if (!string.IsNullOrEmpty(options.Authority) || !string.IsNullOrEmpty(options.MetadataAddress) || options.Configuration is not null ||
            options.ConfigurationManager is not null || configuration.HasClient(name ?? "", "ISSUER"))
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
            var message = context.ProtocolMessage;
            if (message.IssuerAddress == StandInAddress.Issuer + "/authorize")
            {
                message.IssuerAddress = StandInAddress.ForBrowser(
                    StandInAddress.Root + OpenIdStandIn.OwnAuthorize, message.RedirectUri, context.Options.CallbackPath, context.Request);
            }

            return next(context);
        };
        logger.StandInUsed(name ?? "", StandInSchemes.Variable(name ?? "", "ISSUER"));
    }
}
