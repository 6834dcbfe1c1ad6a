using BlazorAuth.Providers.Backchannel;
using BlazorAuth.Providers.OpenIdConnect;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Providers;

/// <summary>
/// Attaches BlazorAuth to the events of every remote handler. The app's own delegates run first, once the answer is known to be this browser's. What a handler brings goes to
/// <see cref="RemoteSignIn"/>, how it fails goes to <see cref="CallbackFailures"/>.
/// </summary>
internal sealed class ProviderEvents(
    RemoteSignIn signIn, SignInFlow flow, StateUse states, CallbackRequests requests, CallbackFailures failures, AuthorizationParameters parameters, RequiredPushes pushes)
{
    public void Attach(string scheme, RemoteAuthenticationOptions options)
    {
        Gather(scheme, options);
        var events = options.Events;
        var received = events.OnTicketReceived;
        events.OnTicketReceived = async context =>
        {
            // Before any other delegate. If the state could be read in advance, the handler was not called at all.
            if (!flow.IsOfThisBrowser(context.HttpContext, context.Properties))
            {
                await failures.AnswerOtherBrowserAsync(scheme, context);
                return;
            }

            if (await states.RefusalAsync(await requests.OfAsync(context.HttpContext), AuthProviderRegistry.IdOf(scheme), context) is { } refusal)
            {
                context.Response.Redirect(refusal);
                context.HandleResponse();
                return;
            }

            await received(context);
            if (context.Result is null)
            {
                await signIn.CompleteAsync(scheme, context);
            }
        };
        var failed = events.OnRemoteFailure;
        events.OnRemoteFailure = async context =>
        {
            await failed(context);
            if (context.Result is null)
            {
                await failures.AnswerAsync(scheme, context);
            }
        };
    }

    private void Gather(string scheme, RemoteAuthenticationOptions options)
    {
        switch (options)
        {
            case OAuthOptions oauth:
                GatherOAuth(oauth.Events);
                break;
            case OpenIdConnectOptions oidc:
                GatherOidc(scheme, oidc.Events);
                break;
        }
    }

    private void GatherOAuth(OAuthEvents events)
    {
        var creating = events.OnCreatingTicket;
        events.OnCreatingTicket = async context =>
        {
            await creating(context);
            var answer = ProviderAnswer.Of(context.HttpContext);
            answer.Add(context.User);
            answer.AccessToken = context.AccessToken;
            answer.RefreshToken = context.RefreshToken;
            answer.TokenType = context.TokenType;
            answer.ExpiresIn = context.ExpiresIn;
            answer.Scope = context.TokenResponse.Response?.RootElement.TryGetProperty("scope", out var scope) == true ? scope.ToString() : null;
        };
        var redirecting = events.OnRedirectToAuthorizationEndpoint;
        events.OnRedirectToAuthorizationEndpoint = async context =>
        {
            await redirecting(context);
            parameters.Add(context);
        };
    }

    private void GatherOidc(string scheme, OpenIdConnectEvents events)
    {
        var answered = events.OnTokenResponseReceived;
        events.OnTokenResponseReceived = async context =>
        {
            if (ProviderExchange.Current is { } exchange)
            {
                exchange.HasTokens = true;
            }

            await answered(context);
        };
        var validated = events.OnTokenValidated;
        events.OnTokenValidated = async context =>
        {
            var issuer = context.SecurityToken.Issuer;
            await validated(context);
            if (ProviderExchange.Current is { IsIdTokenChecked: false } || context.Options is not { TokenHandler: IdTokenHandler, UseSecurityTokenValidator: false })
            {
                context.Fail(new ProviderAnswerException(
                    "Something replaced the scheme's TokenHandler after BlazorAuth, so the id token was not checked; set it with Configure, or where the scheme is added, and not with PostConfigure."));
                return;
            }

            if (!FlowNonce.Fits(context.Properties, context.SecurityToken.Payload.Nonce))
            {
                context.Fail(new ProviderAnswerException("The nonce of the id token is not that of this sign-in."));
                return;
            }

            if (await IssuerProblemAsync(scheme, context) is { } problem)
            {
                context.Fail(new ProviderAnswerException(problem));
                return;
            }

            var answer = ProviderAnswer.Of(context.HttpContext);
            answer.Issuer = issuer;
            answer.AddIdToken(context.SecurityToken.Claims);
            answer.Add(context.Principal?.Claims ?? []);
            answer.IsOfManyIssuers = await AcceptedIssuers.AreSeveralAsync(context.Options, context.HttpContext.RequestAborted);
            answer.IsOfOtherIssuer = !await AcceptedIssuers.IsOwnAsync(context.Options, issuer, context.HttpContext.RequestAborted);
            answer.AuthTime = context.SecurityToken.Claims.FirstOrDefault(claim => claim.Type == AuthClaims.AuthTime)?.Value;
            answer.IdToken = context.TokenEndpointResponse?.IdToken ?? context.ProtocolMessage.IdToken;
            answer.AccessToken = context.TokenEndpointResponse?.AccessToken;
            answer.RefreshToken = context.TokenEndpointResponse?.RefreshToken;
            answer.TokenType = context.TokenEndpointResponse?.TokenType;
            answer.Scope = context.TokenEndpointResponse?.Scope;
            answer.ExpiresIn = int.TryParse(context.TokenEndpointResponse?.ExpiresIn, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;
        };
        var informed = events.OnUserInformationReceived;
        events.OnUserInformationReceived = async context =>
        {
            await informed(context);
            ProviderAnswer.Of(context.HttpContext).Add(context.User.RootElement);
        };
        var redirecting = events.OnRedirectToIdentityProvider;
        events.OnRedirectToIdentityProvider = async context =>
        {
            FlowNonce.Keep(context);
            await redirecting(context);
            if (!context.Handled)
            {
                parameters.Add(context);
                await pushes.LimitAsync(scheme, context);
            }
        };
    }

    private static async ValueTask<string?> IssuerProblemAsync(string scheme, TokenValidatedContext context)
    {
        var providers = await context.HttpContext.RequestServices.GetRequiredService<AuthProviderRegistry>().AllAsync();
        return providers.FirstOrDefault(provider => provider.Scheme == scheme) is { } own
            ? await ProviderIssuer.TokenProblemAsync(own, context.SecurityToken, providers, context.HttpContext.RequestAborted)
            : null;
    }
}
