using System.Text.Json.Nodes;
using BlazorAuth.Accounts;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Providers.Backchannel;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Providers;

/// <summary>The one place that decides who may sign in: profile, account, sign-in callback, token claims.</summary>
internal sealed class SignInGate(
    IServiceProvider services,
    ProviderIssuer issuers,
    CallbackRequests requests,
    SignInFlow flow,
    FrontEndOrigins allowed,
    FlowReturns returns,
    PageAddresses links,
    FailureReport failures,
    IAccountAuthority authority,
    IForeignFlows foreign,
    AccountConnection connection,
    BrowserCookie browser,
    SharedClock clock,
    ILogger<SignInGate> logger)
{
    /// <summary>Decides on what a remote handler brought: a grant for the session handler, or a redirect to the page that says why not.</summary>
    public async Task DecideAsync(string scheme, TicketReceivedContext context)
    {
        flow.Complete(context.Properties);
        var beganAt = SignInFlow.Started(context.Properties) ?? clock.GetUtcNow();
        var request = await requests.OfAsync(context.HttpContext);
        var provider = (await services.GetRequiredService<AuthProviderRegistry>().FindAsync(AuthProviderRegistry.IdOf(scheme)))!;
        var returnUrl = returns.Of(request, context.Properties, context.ReturnUri) ?? request.ReturnUrl;
        if (ProviderIdentity.Subject(context.Principal!) is not { } subject)
        {
            logger.SubjectMissing(provider.Id);
            var cause = new FailureCause("The provider's response contains no user id", "options.ClaimActions.MapJsonKey(ClaimTypes.NameIdentifier, …)");
            var failure = failures.Report(request, AuthErrorReason.ProviderAnswer, provider.Id, exception: null, returnUrl.Text, cause);
            Send(context, links.Error(request.Address, AuthError.Configuration, failure));
            return;
        }

        if (ProviderText.SubjectProblem(subject.Value) is { } problem)
        {
            var cause = new FailureCause($"The user ID from the provider {problem}");
            Send(context, links.Error(
                request.Address, AuthError.Configuration, failures.Report(request, AuthErrorReason.ProviderAnswer, provider.Id, null, returnUrl.Text, cause)));
            return;
        }

        if (provider.Type == AuthProviderType.Oidc && ProviderAnswer.Of(context.HttpContext).Issuer is null)
        {
            // Nonce, issuer and whose address it is are unknown.
            var cause = new FailureCause(
                "Something replaced the scheme's OnTokenValidated after BlazorAuth, or ended the sign-in before it, so nothing checked issuer and nonce", "PostConfigure of the scheme, which has to call the former delegate, and its events that call Success()");
            Send(context, links.Error(
                request.Address, AuthError.Configuration, failures.Report(request, AuthErrorReason.ProviderAnswer, provider.Id, null, returnUrl.Text, cause)));
            return;
        }

        foreach (var missing in ProviderExchange.Current?.Missing ?? [])
        {
            logger.OptionalAnswerMissing(provider.Id, missing);
        }

        var answer = ProviderAnswer.Of(context.HttpContext);
        if (foreign.Owns(context.Properties))
        {
            await foreign.FinishAsync(scheme, context, flow.AskedAt(context.Properties, provider.Type, answer.AuthTime), returnUrl.Text);
            return;
        }

        answer.Add(context.Principal!.Claims);
        var issuer = issuers.OfSubject(provider, subject, answer.Issuer);
        var user = ProviderIdentity.User(AccountRecord.DefaultUserIdOf(issuer, subject.Value), context.Principal, answer);
        var account = Account(provider, subject.Value, answer);
        var way = WayIn.OfProvider(issuer, account, user, answer.Profile, context.HttpContext.RequestServices) with { IsOfManyIssuers = answer.IsOfManyIssuers };
        if (SignInFlow.ConnectingTo(context.Properties) is { } connecting)
        {
            Send(context, await connection.ConnectAsync(
                request, way, connecting.UserId, connecting.SessionId, () => MayConnectAsync(way, account, connecting.UserId, request.Cancelled), returnUrl));
            return;
        }

        var outcome = await DecideAsync(
            request, way, account, beganAt, id => flow.Prove(context.Properties, id, provider.Type, answer.AuthTime), returnUrl);
        if (outcome.Grant is not { } grant)
        {
            Send(context, outcome.Target ?? links.Error(
                request.Address, outcome.Code, Denied(request, outcome, user, provider, await KeepLinkAsync(request, way, outcome, returnUrl))));
            return;
        }

        context.HttpContext.Features.Set(grant with { BeganIn = SignInFlow.SessionOf(context.Properties) });
        context.ReturnUri = returnUrl.Text;
    }

    /// <summary>Finds whose account it is, asks the app's callbacks, and writes down who is new: in this order, so that nothing is written of a person who is not let in.</summary>
    public async Task<SignInOutcome> DecideAsync(
        AuthRequest request, WayIn way, AuthAccount account, DateTimeOffset beganAt, Func<string, SignInProof> prove, ReturnUrl? returnUrl = null)
    {
        request.Http.Features.Set(new SignInStart(beganAt));
        for (var attempt = 0; attempt < AccountDoor.MostAttempts; attempt++)
        {
            var owner = await authority.FindAsync(way, request.Cancelled);
            if (owner.Refusal is { } refusal)
            {
                // What may wait for its owner's yes is kept, so the app is asked before.
                return refusal == AuthErrorReason.ConfirmToLink && authority is StoredAccounts && await AskAsync(ContextOf(way, account, owner.User?.Id ?? way.User.Id, request.Cancelled)) is { IsAllowed: false } denied
                    ? Refusal(request, account, denied)
                    : SignInOutcome.Refused(refusal);
            }

            var user = way.User with { Id = owner.UserId };
            var proof = prove(user.Id);
            if (proof.Refusal is { } notProved)
            {
                return SignInOutcome.Refused(notProved);
            }

            var decision = await AskAsync(new SignInContext
            {
                User = user, IsNewUser = owner.IsNewUser, Account = account, Profile = way.Profile, Services = way.Services, CancellationToken = request.Cancelled,
            });
            if (!decision.IsAllowed)
            {
                return Refusal(request, account, decision);
            }

            if (await authority.SettleAsync(way, owner, request.Cancelled))
            {
                if (owner.First is { } first && await first.IsDueAsync())
                {
                    return SignInOutcome.SentTo(await first.BeginAsync(request, returnUrl ?? request.ReturnUrl));
                }

                return await GrantAsync(way, account, owner, beganAt, proof, request.Cancelled);
            }
        }

        throw AccountDoor.Unsettled();
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

    private async Task<bool> MayConnectAsync(WayIn way, AuthAccount account, string userId, CancellationToken cancellationToken) =>
        (await AskAsync(ContextOf(way, account, userId, cancellationToken))).IsAllowed;

    private static SignInContext ContextOf(WayIn way, AuthAccount account, string userId, CancellationToken cancellationToken) => new()
    {
        User = way.User with { Id = userId }, Account = account, Profile = way.Profile, Services = way.Services, CancellationToken = cancellationToken,
    };

    private async Task<SignInOutcome> GrantAsync(
        WayIn way, AuthAccount account, AccountOwner owner, DateTimeOffset beganAt, SignInProof proof, CancellationToken cancellationToken)
    {
        var claimedAt = clock.GetUtcNow();
        var (user, claims, stamp) = await ClaimsAsync(way, account, owner, cancellationToken);
        if (claims is null)
        {
            return SignInOutcome.Refused(null);
        }

        var confirmed = way with { Stamp = stamp };
        return SignInOutcome.Granted(new SignInGrant(user, account, way.Profile, claims)
        {
            BeganAt = beganAt,
            AuthenticatedAt = proof.AuthenticatedAt,
            IsConfirmation = proof.IsConfirmation,
            Stamp = stamp,
            ClaimedAt = claimedAt,
            ClaimAgain = async token => (await ClaimsAsync(way, account, owner, token)).Claims,
            AskAgain = token => authority.ConfirmAsync(confirmed, user.Id, token),
        });
    }

    /// <summary>Who somebody is, and what the app grants them; null inside: nothing.</summary>
    private static async Task<(SessionUser User, JsonObject? Claims, UserStamp? Stamp)> ClaimsAsync(
        WayIn way, AuthAccount account, AccountOwner owner, CancellationToken cancellationToken)
    {
        var described = owner.Describe is { } describe ? await describe(cancellationToken) : null;
        var user = described?.User ?? way.User with { Id = owner.UserId };
        var claims = described?.Claims ?? SignInGrant.ClaimsOf(user);
        var token = new TokenContext
        {
            Claims = claims, Trigger = TokenTrigger.SignIn, User = user, IsNewUser = owner.IsNewUser, Account = account, Profile = way.Profile,
            Services = way.Services, CancellationToken = cancellationToken,
        };
        return await way.Services.GetRequiredService<AuthCallbacks>().TokenAsync(token)
            ? (user, SessionTicket.WithoutReserved(claims), described?.Stamp)
            : (user, null, described?.Stamp);
    }

    private SignInOutcome Refusal(AuthRequest request, AuthAccount account, SignInDecision decision)
    {
        if (decision.Target is null)
        {
            return SignInOutcome.Refused(null);
        }

        logger.SignInSentElsewhere(account.Provider);
        return SignInOutcome.SentTo(ReturnUrl.Parse(decision.Target, request.Address, allowed) ?? ReturnUrl.Home(request.Address));
    }

    // A callback that throws has not allowed the sign-in.
    private async Task<SignInDecision> AskAsync(SignInContext context)
    {
        try
        {
            return await context.Services.GetRequiredService<AuthCallbacks>().SignInAsync(context);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !context.CancellationToken.IsCancellationRequested)
        {
            logger.SignInCallbackFailed(exception, context.Account.Provider);
            return SignInDecision.Deny;
        }
    }

    // If the app gave no reason and no address is verified, saying so is the most helpful message.
    private AuthFailure Denied(AuthRequest request, SignInOutcome outcome, SessionUser user, AuthProvider provider, string returnUrl) =>
        failures.Denied(request, provider.Id, returnUrl) with
        {
            Reason = outcome.Reason ?? (user is { Email: not null, EmailVerified: true } ? AuthErrorReason.None : AuthErrorReason.EmailNotVerified),
        };

    private AuthAccount Account(AuthProvider provider, string subject, ProviderAnswer answer) => new()
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
