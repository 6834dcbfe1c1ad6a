using BlazorAuth.Accounts;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Providers.Backchannel;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Providers;

/// <summary>Takes what a remote handler brought to where it belongs: to the gate, to the account it is connected to, or to the page that says what is wrong with it.</summary>
internal sealed class RemoteSignIn(
    IServiceProvider services,
    ProviderIssuer issuers,
    CallbackRequests requests,
    SignInFlow flow,
    FlowReturns returns,
    PageAddresses links,
    FailureReport failures,
    IAccountAuthority authority,
    IForeignFlows foreign,
    AccountConnection connection,
    SignInGate gate,
    BrowserCookie browser,
    SharedClock clock,
    ILogger<RemoteSignIn> logger)
{
    /// <summary>Ends with a grant for the session handler, or with a redirect.</summary>
    public async Task CompleteAsync(string scheme, TicketReceivedContext context)
    {
        flow.Complete(context.Properties);
        var beganAt = SignInFlow.Started(context.Properties) ?? clock.GetUtcNow();
        var request = await requests.OfAsync(context.HttpContext);
        var provider = (await services.GetRequiredService<AuthProviderRegistry>().FindAsync(AuthProviderRegistry.IdOf(scheme)))!;
        var returnUrl = returns.Of(request, context.Properties, context.ReturnUri) ?? request.ReturnUrl;
        var answer = ProviderAnswer.Of(context.HttpContext);
        if (ProviderIdentity.Subject(context.Principal!) is not { } subject)
        {
            logger.SubjectMissing(provider.Id);
            Refuse(new FailureCause("The provider's response contains no user id", "options.ClaimActions.MapJsonKey(ClaimTypes.NameIdentifier, …)"));
            return;
        }

        if (ProviderText.SubjectProblem(subject.Value) is { } problem)
        {
            Refuse(new FailureCause($"The user ID from the provider {problem}"));
            return;
        }

        if (provider.Type == AuthProviderType.Oidc && answer.Issuer is null)
        {
            // Nonce, issuer and whose address it is are unknown.
            Refuse(new FailureCause(
                "Something replaced the scheme's OnTokenValidated after BlazorAuth, or ended the sign-in before it, so nothing checked issuer and nonce", "PostConfigure of the scheme, which has to call the former delegate, and its events that call Success()"));
            return;
        }

        foreach (var missing in ProviderExchange.Current?.Missing ?? [])
        {
            logger.OptionalAnswerMissing(provider.Id, missing);
        }

        if (foreign.Owns(context.Properties))
        {
            await foreign.FinishAsync(scheme, context, flow.AskedAt(context.Properties, provider.Type, answer.AuthTime), returnUrl.Text);
            return;
        }

        answer.Add(context.Principal!.Claims);
        var issuer = issuers.OfSubject(provider, subject, answer.Issuer);
        var user = ProviderIdentity.User(AccountRecord.DefaultUserIdOf(issuer, subject.Value), context.Principal, answer);
        var account = AccountOf(provider, subject.Value, answer);
        var way = WayIn.OfProvider(issuer, account, user, answer.Profile, context.HttpContext.RequestServices) with { IsOfManyIssuers = answer.IsOfManyIssuers };
        if (SignInFlow.ConnectingTo(context.Properties) is { } connecting)
        {
            Send(context, await connection.ConnectAsync(
                request, way, connecting.UserId, connecting.SessionId, () => gate.MayConnectAsync(way, account, connecting.UserId, request.Cancelled), returnUrl));
            return;
        }

        var outcome = await gate.DecideAsync(
            request, way, account, beganAt, id => flow.Prove(context.Properties, id, provider.Type, answer.AuthTime), returnUrl);
        if (outcome.Grant is not { } grant)
        {
            Send(context, outcome.Target ?? links.Error(
                request.Address, outcome.Code, Denied(request, outcome, user, provider, await KeepLinkAsync(request, way, outcome, returnUrl))));
            return;
        }

        context.HttpContext.Features.Set(grant with { BeganIn = SignInFlow.SessionOf(context.Properties) });
        context.ReturnUri = returnUrl.Text;

        void Refuse(FailureCause cause) => Send(context, links.Error(
            request.Address, AuthError.Configuration, failures.Report(request, AuthErrorReason.ProviderAnswer, provider.Id, exception: null, returnUrl.Text, cause)));
    }

    /// <summary>Keeps an account that its owner may link, and says where they go after they have signed in the way they did before: to the page that asks them.</summary>
    private async Task<string> KeepLinkAsync(AuthRequest request, WayIn way, SignInOutcome outcome, ReturnUrl returnUrl)
    {
        if (outcome.Reason != AuthErrorReason.ConfirmToLink || authority is not StoredAccounts)
        {
            return returnUrl.Text;
        }

        await services.GetRequiredService<UnconfirmedLinks>().KeepAsync(way, browser.Ensure(request.Http), request.Cancelled);
        return AuthPaths.Link(request.Address.Absolute(""), returnUrl.Text);
    }

    // If the app gave no reason and no address is verified, saying so is the most helpful message.
    private AuthFailure Denied(AuthRequest request, SignInOutcome outcome, SessionUser user, AuthProvider provider, string returnUrl) =>
        failures.Denied(request, provider.Id, returnUrl) with
        {
            Reason = outcome.Reason ?? (user is { Email: not null, EmailVerified: true } ? AuthErrorReason.None : AuthErrorReason.EmailNotVerified),
        };

    private AuthAccount AccountOf(AuthProvider provider, string subject, ProviderAnswer answer) => new()
    {
        Provider = provider.Id,
        Type = provider.Type,
        ProviderAccountId = subject,
        AccessToken = answer.AccessToken,
        RefreshToken = answer.RefreshToken,
        IdToken = answer.IdToken,
        TokenType = answer.TokenType,
        Scope = answer.Scope,
        ExpiresAt = answer.ExpiresIn is { } life ? clock.GetUtcNow() + life : null,
    };

    private static void Send(TicketReceivedContext context, string url)
    {
        context.Response.Redirect(url);
        context.HandleResponse();
    }
}
