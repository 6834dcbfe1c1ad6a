using BlazorAuth.Configuration;
using BlazorAuth.Http;
using BlazorAuth.Providers.Backchannel;
using BlazorAuth.Providers.OpenIdConnect;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Providers;

/// <summary>
/// Makes a provider of every remote scheme. It stands before everything else that configures a scheme, so the app's own settings win, and before
/// the handler's own post-configuration, so what it adds there is taken up.
/// </summary>
internal sealed class ProviderConvention<TOptions>(
    AuthEnvironment environment, OpenIdConnectConvention openIdConnect, ProviderEvents events, ProviderSetup setup, FlowCookies cookies, SharedClock clock,
    ILoggerFactory loggers)
    : IConfigureNamedOptions<TOptions>, IPostConfigureOptions<TOptions>
    where TOptions : RemoteAuthenticationOptions, new()
{
    public void Configure(TOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, TOptions options)
    {
        if (string.IsNullOrEmpty(name))
        {
            return;
        }

        var id = AuthProviderRegistry.IdOf(name);
        options.CallbackPath = AuthPaths.CallbackPath(id);
        cookies.Configure(options);
        switch (options)
        {
            case OAuthOptions oauth:
                ConfigureOAuth(id, oauth);
                break;
            case OpenIdConnectOptions oidc:
                openIdConnect.Configure(id, oidc);
                break;
        }
    }

    public void PostConfigure(string? name, TOptions options)
    {
        if (string.IsNullOrEmpty(name))
        {
            return;
        }

        var id = AuthProviderRegistry.IdOf(name);
        if (options.EventsType is not null)
        {
            throw new AuthSetupException(
                $"The scheme '{name}' sets EventsType, which would bypass the sign-in gate. Set Events instead, and call {options.EventsType.Name} from its delegates.");
        }

        options.CallbackPath = options.CallbackPath.HasValue ? options.CallbackPath : AuthPaths.CallbackPath(id);
        CloseSignOutAtCallback(options);
        options.SignInScheme ??= SessionIdentity.Scheme;
        options.TimeProvider ??= clock;
        options.Events ??= new RemoteAuthenticationEvents();
        NoteKeys(id, options);
        UseBackchannel(id, options);
        events.Attach(name, options);
        if (options is OpenIdConnectOptions oidc)
        {
            openIdConnect.PostConfigure(id, oidc);
        }

        cookies.PostConfigure(id, options);
    }

    // WS-Federation's handler also signs out at its callback, whoever sends a visitor there. It comes in a package, so its option is known by name only.
    private static void CloseSignOutAtCallback(TOptions options)
    {
        if (options.GetType().GetProperty("RemoteSignOutPath") is { } path && path.GetValue(options) is PathString { HasValue: true } address && address == options.CallbackPath)
        {
            path.SetValue(options, default(PathString));
        }
    }

    private void ConfigureOAuth(string id, OAuthOptions options)
    {
        var settings = new ProviderSettings(environment, id);
        options.UsePkce = true;
        options.ClientId = settings.ClientId ?? options.ClientId;
        options.ClientSecret = settings.ClientSecret ?? options.ClientSecret;
        options.AuthorizationEndpoint = settings.AuthorizationEndpoint ?? options.AuthorizationEndpoint;
        options.TokenEndpoint = settings.TokenEndpoint ?? options.TokenEndpoint;
        options.UserInformationEndpoint = settings.UserInfoEndpoint ?? options.UserInformationEndpoint;
        options.ClaimActions.MapJsonKey(AuthClaims.Picture, "picture");
        options.ClaimActions.MapCustomJson(ProviderIdentity.VouchedClaim, ProviderIdentity.Vouched);
    }

    // From the wire inwards: clean responses, record them, authenticate the client, and tolerate the absence of what is optional.
    private void UseBackchannel(string id, TOptions options)
    {
        var client = new ProviderClient(id, options, new ProviderSettings(environment, id), clock);
        HttpMessageHandler handler = new CleanAnswers(options.BackchannelHttpHandler ?? new ProviderConnection());
        handler = new ClientCredentials(client, new ProviderCalls(handler), loggers.CreateLogger<ClientCredentials>());
        options.BackchannelHttpHandler = options is OpenIdConnectOptions oidc ? new OptionalUserInfo(oidc, handler) : handler;
    }

    private void NoteKeys(string id, TOptions options)
    {
        if (options is not (OAuthOptions or OpenIdConnectOptions))
        {
            return;
        }

        var settings = new ProviderSettings(environment, id);
        var needsSecret = settings.ClientAuthentication is not (ClientAuthentication.None or ClientAuthentication.PrivateKeyJwt)
            && (options is OAuthOptions || settings.ClientAuthentication is not null || options is OpenIdConnectOptions { ClientSecret: not null });
        var (clientId, secret) = options switch
        {
            OAuthOptions oauth => (oauth.ClientId, oauth.ClientSecret),
            OpenIdConnectOptions oidc => (oidc.ClientId, oidc.ClientSecret),
            _ => ("", ""),
        };
        if (string.IsNullOrEmpty(clientId) && string.IsNullOrEmpty(secret))
        {
            setup.AddWithoutKeys(id);
        }
        else if (string.IsNullOrEmpty(clientId) || (needsSecret && string.IsNullOrEmpty(secret)))
        {
            var missing = AuthEnvironment.Variable(id, string.IsNullOrEmpty(clientId) ? "ID" : "SECRET");
            throw new AuthSetupException($"The provider '{id}' has only one of its two keys. Set {missing} too, or set it in the scheme's options.");
        }
        else if (options is OAuthOptions { ClientSecret: null or "" } withoutSecret)
        {
            // The platform's handler insists on one; it is taken out before it is sent.
            withoutSecret.ClientSecret = "none";
        }
    }
}
