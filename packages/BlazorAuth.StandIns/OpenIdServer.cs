using System.Security.Cryptography;
using Microsoft.AspNetCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace BlazorAuth.StandIns;

/// <summary>
/// OpenIddict's server in a separate service container, so that it does not affect the app's schemes, options and logs.
/// Degraded mode: one client, no store; codes and tokens carry their content, encrypted with keys that live as long as the process.
/// </summary>
internal static class OpenIdServer
{
    /// <summary>Set on a request whose answer is to name a wrong issuer.</summary>
    public static readonly object WrongIssuer = new();

    // Created at each start of the process. OpenIddict's own ephemeral keys are RSA 4096 and take seconds.
    private static readonly RsaSecurityKey SigningKey = new(RSA.Create(2048));

    public static ServiceProvider Build(StandInOptions options, RedirectUri redirects, TimeProvider clock, ILogger logger)
    {
        var services = new ServiceCollection();
        // Without a logging provider: OpenIddict logs whole requests and responses, including e-mail addresses.
        services.AddLogging();
        services.AddAuthentication();
        services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode()
                .AllowAuthorizationCodeFlow()
                .SetAuthorizationEndpointUris("authorize")
                .SetPushedAuthorizationEndpointUris("par")
                .SetTokenEndpointUris("token")
                .SetUserInfoEndpointUris("userinfo")
                .SetAuthorizationCodeLifetime(options.CodeLifetime)
                .RegisterScopes(Scopes.Profile, Scopes.Email)
                .RegisterClaims("name", "given_name", "family_name", "picture", "email", "email_verified")
                .DisableScopeValidation()
                .AddSigningKey(SigningKey)
                .AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));
            server.Configure(settings =>
            {
                settings.TimeProvider = clock;
                settings.CodeChallengeMethods.Clear();
                settings.CodeChallengeMethods.Add(CodeChallengeMethods.Sha256);
            });
            server.UseAspNetCore()
                .DisableTransportSecurityRequirement()
                .EnableAuthorizationEndpointPassthrough()
                .EnableTokenEndpointPassthrough()
                .EnableUserInfoEndpointPassthrough()
                .EnableErrorPassthrough();
            AddRules(server, options, redirects, logger);
        });
        return services.BuildServiceProvider();
    }

    private static void AddRules(OpenIddictServerBuilder server, StandInOptions options, RedirectUri redirects, ILogger logger)
    {
        server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            RefuseClientOrRedirectUri(context, options, redirects);
            return default;
        }));
        server.AddEventHandler<ValidatePushedAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            // The redirect_uri is checked when the browser arrives: only that request has the app's origin.
            RefuseSecret(context, context.ClientId, context.Request.ClientSecret, options);
            return default;
        }));
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            RefuseSecret(context, context.ClientId, context.ClientSecret, options);
            return default;
        }));
        server.AddEventHandler<ApplyAuthorizationResponseContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.Transaction.GetHttpRequest()?.HttpContext.Items.ContainsKey(WrongIssuer) == true)
            {
                context.Response.Iss = StandInProvider.WrongIssuer;
            }

            return default;
        }).SetOrder(OpenIddictServerHandlers.Authentication.AttachIssuer.Descriptor.Order + 1));
        server.AddEventHandler<ApplyTokenResponseContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.Response.Error is { } error)
            {
                logger.TokenRefused(StandInProvider.OpenId.Id, error);
            }

            return default;
        }).SetOrder(int.MinValue));
    }

    private static void RefuseClientOrRedirectUri(ValidateAuthorizationRequestContext context, StandInOptions options, RedirectUri redirects)
    {
        if (context.ClientId != options.ClientId)
        {
            context.Reject(Errors.InvalidClient, "Unknown client id. A stand-in knows only one client; check the app's configured id.");
        }
        else if (context.Transaction.GetHttpRequest() is not { } request || !redirects.IsAllowed(context.RedirectUri, BrowserAddress.Of(request.HttpContext)))
        {
            context.Reject(Errors.InvalidRequest, "The redirect_uri has to be on the app's own origin or on this machine.");
        }
    }

    private static void RefuseSecret(BaseValidatingContext context, string? clientId, string? secret, StandInOptions options)
    {
        if (clientId != options.ClientId || !OAuthStandIn.FixedTimeEquals(secret, options.ClientSecret))
        {
            context.Reject(Errors.InvalidClient, "The client id or secret is wrong.");
        }
    }
}
