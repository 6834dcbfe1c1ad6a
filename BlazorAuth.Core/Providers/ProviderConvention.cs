using BlazorAuth.Configuration;
using BlazorAuth.Http;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace BlazorAuth.Providers;

/// <summary>
/// Makes a provider of every remote scheme. It stands before everything else that configures a scheme, so the app's own settings win, and before
/// the handler's own post-configuration, so what it adds there is taken up.
/// </summary>
internal sealed class ProviderConvention<TOptions>(
    AuthEnvironment environment, ProviderEvents events, ProviderSetup setup, IOptions<AuthOptions> auth)
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
        options.CallbackPath = AuthPaths.CallbackOf("", id);
        UseCookiesOfFlow(options.CorrelationCookie);
        switch (options)
        {
            case OAuthOptions oauth:
                ConfigureOAuth(id, oauth);
                break;
            case OpenIdConnectOptions oidc:
                ConfigureOidc(id, oidc);
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
                $"The scheme '{name}' sets EventsType, which would bypass the sign-in gate. Set Events, and let its delegates call {options.EventsType.Name}.");
        }

        options.CallbackPath = options.CallbackPath.HasValue ? options.CallbackPath : AuthPaths.CallbackOf("", id);
        options.SignInScheme ??= SessionIdentity.Scheme;
        options.BackchannelHttpHandler = new ProviderCalls(options.BackchannelHttpHandler ?? new SocketsHttpHandler());
        options.Events ??= new RemoteAuthenticationEvents();
        events.Attach(name, options);
        NoteKeys(id, options);
        if (options is OpenIdConnectOptions && ProviderAddress.Problem(id, options, environment) is { } problem)
        {
            // Before the platform says it in its own words.
            throw new AuthSetupException(problem);
        }

        if (options is OpenIdConnectOptions { ResponseMode: OpenIdConnectResponseMode.FormPost } oidc)
        {
            UseFormPostCookies(oidc);
        }
    }

    private void ConfigureOAuth(string id, OAuthOptions options)
    {
        options.UsePkce = true;
        options.ClientId = environment.Get(id, "ID") ?? options.ClientId;
        options.ClientSecret = environment.Get(id, "SECRET") ?? options.ClientSecret;
        options.AuthorizationEndpoint = environment.Get(id, "AUTHORIZATION_ENDPOINT") ?? options.AuthorizationEndpoint;
        options.TokenEndpoint = environment.Get(id, "TOKEN_ENDPOINT") ?? options.TokenEndpoint;
        options.UserInformationEndpoint = environment.Get(id, "USERINFO_ENDPOINT") ?? options.UserInformationEndpoint;

        // Where the provider speaks OpenID Connect's language we listen, so that an address it calls unverified is known to be.
        options.ClaimActions.MapJsonKey(AuthClaims.EmailVerified, "email_verified");
        options.ClaimActions.MapJsonKey(AuthClaims.Picture, "picture");
    }

    private void ConfigureOidc(string id, OpenIdConnectOptions options)
    {
        options.ClientId = environment.Get(id, "ID");
        options.ClientSecret = environment.Get(id, "SECRET");
        options.Authority = environment.Get(id, "ISSUER");
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.MapInboundClaims = false;
        options.GetClaimsFromUserInfoEndpoint = true;
        options.DisableTelemetry = true;
        options.Scope.Add("email");
        options.RemoteSignOutPath = default;
        options.SignedOutCallbackPath = AuthPaths.SignedOutCallback + id;
        UseCookiesOfFlow(options.NonceCookie);
        options.TokenValidationParameters.NameClaimType = AuthClaims.Name;
        options.RequireHttpsMetadata = !ProviderAddress.IsLocalOrDevelopment(options.Authority, environment);
    }

    // A front end on another site starts the flow with a request of its own, where browsers take no Lax cookies.
    private void UseCookiesOfFlow(CookieBuilder cookie)
    {
        cookie.SameSite = auth.Value.Cookies.SameSite;
        cookie.SecurePolicy = cookie.SameSite == SameSiteMode.None ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
    }

    // The answer arrives as a cross-site POST, to which browsers send no Lax cookies.
    private static void UseFormPostCookies(OpenIdConnectOptions options)
    {
        foreach (var cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
        {
            cookie.SameSite = SameSiteMode.None;
            cookie.SecurePolicy = CookieSecurePolicy.Always;
        }
    }

    private void NoteKeys(string id, TOptions options)
    {
        var (clientId, secret) = options switch
        {
            OAuthOptions oauth => (oauth.ClientId, oauth.ClientSecret),
            OpenIdConnectOptions oidc => (oidc.ClientId, oidc.ClientSecret ?? "public client"),
            _ => ("", ""),
        };
        if (options is not (OAuthOptions or OpenIdConnectOptions))
        {
            return;
        }

        if (string.IsNullOrEmpty(clientId) && (string.IsNullOrEmpty(secret) || options is OpenIdConnectOptions { ClientSecret: null }))
        {
            setup.AddWithoutKeys(id);
        }
        else if (string.IsNullOrEmpty(clientId) || string.IsNullOrEmpty(secret))
        {
            var missing = AuthEnvironment.Variable(id, string.IsNullOrEmpty(clientId) ? "ID" : "SECRET");
            throw new AuthSetupException($"The provider '{id}' has only half of its keys. Set {missing} too, or set it on the scheme's options.");
        }
    }
}
