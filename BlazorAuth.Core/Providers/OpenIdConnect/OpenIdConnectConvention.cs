using BlazorAuth.Configuration;
using BlazorAuth.Http;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace BlazorAuth.Providers.OpenIdConnect;

/// <summary>What the convention sets on an OpenID Connect scheme, before and after the app's own code.</summary>
internal sealed class OpenIdConnectConvention(AuthEnvironment environment, SignInRateLimit limit, SharedClock clock, ILoggerFactory loggers)
{
    private const string DiscoveryPath = ".well-known/openid-configuration";

    public void Configure(string id, OpenIdConnectOptions options)
    {
        var settings = new ProviderSettings(environment, id);
        options.ClientId = settings.ClientId;
        options.ClientSecret = settings.ClientSecret;
        options.Authority = settings.Issuer;
        options.MetadataAddress = settings.Discovery;
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.MapInboundClaims = false;
        options.GetClaimsFromUserInfoEndpoint = true;
        options.DisableTelemetry = true;
        options.Scope.Add("email");
        options.RemoteSignOutPath = default;
        options.SignedOutCallbackPath = AuthPaths.SignedOutCallback + id;
        options.ProtocolValidator = new FlowNonce.Validator();
        options.TokenValidationParameters.NameClaimType = AuthClaims.Name;
        options.RequireHttpsMetadata = !ProviderAddress.IsLocalOrDevelopment(options.MetadataAddress ?? options.Authority, environment);
    }

    public void PostConfigure(string id, OpenIdConnectOptions options)
    {
        if (ProviderAddress.Problem(id, options, environment) is { } problem)
        {
            // Before the platform reports it in its own words.
            throw new AuthSetupException(problem);
        }

        if (options.UseSecurityTokenValidator)
        {
            throw new AuthSetupException(
                $"The scheme '{id}' sets UseSecurityTokenValidator, with which the platform checks id tokens less strictly than BlazorAuth promises: also unsigned ones would count. "
                + "Remove it; rules of your own belong into TokenValidationParameters or TokenHandler.");
        }

        var settings = new ProviderSettings(environment, id);
        UseDiscovery(options);
        var pushed = new PushedAuthorization(id, limit, clock, loggers.CreateLogger<PushedAuthorization>());
        var pushing = options.Events.OnPushAuthorization;
        options.Events.OnPushAuthorization = async context =>
        {
            await pushing(context);
            await pushed.PushAsync(context);
        };
        var tenants = new TenantIssuers(id, settings, loggers.CreateLogger<TenantIssuers>());
        options.TokenHandler = new IdTokenHandler(options.TokenHandler, new IdTokenRules(options, settings, tenants, clock));
    }

    private void UseDiscovery(OpenIdConnectOptions options)
    {
        if (options.ConfigurationManager is not null || options.Configuration is not null)
        {
            return;
        }

        var address = !string.IsNullOrEmpty(options.MetadataAddress) ? options.MetadataAddress
            : string.IsNullOrEmpty(options.Authority) ? null
            : $"{options.Authority.TrimEnd('/')}/{DiscoveryPath}";
        if (address is not null)
        {
            options.ConfigurationManager = new Discovery(
                address,
                () => new HttpDocumentRetriever(options.Backchannel) { RequireHttps = options.RequireHttpsMetadata },
                named => !options.RequireHttpsMetadata && (environment.IsDevelopment || ProviderAddress.IsLoopback(named) || !ProviderAddress.IsLoopback(address)),
                clock,
                loggers.CreateLogger<Discovery>());
        }
    }
}
