using System.Text.Json.Nodes;
using BlazorAuth.Http;
using BlazorAuth.Providers.Backchannel;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Providers;

/// <summary>The one place that decides who may sign in: profile, sign-in callback, account, token claims.</summary>
internal sealed class SignInGate(
    IServiceProvider services,
    ProviderIssuer issuers,
    CallbackRequests requests,
    SignInFlow flow,
    FrontEndOrigins allowed,
    FlowReturns returns,
    PageAddresses links,
    FailureReport failures,
    SharedClock clock,
    ILogger<SignInGate> logger)
{
    /// <summary>Decides on what a remote handler brought: a grant for the session handler, or a redirect to the page that says why not.</summary>
    public async Task DecideAsync(string scheme, TicketReceivedContext context)
    {
        flow.Complete(context.Properties);
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
            var cause = new FailureCause($"The id that the provider gives the person {problem}");
            Send(context, links.Error(
                request.Address, AuthError.Configuration, failures.Report(request, AuthErrorReason.ProviderAnswer, provider.Id, null, returnUrl.Text, cause)));
            return;
        }

        foreach (var missing in ProviderExchange.Current?.Missing ?? [])
        {
            logger.OptionalAnswerMissing(provider.Id, missing);
        }

        var answer = ProviderAnswer.Of(context.HttpContext);
        answer.Add(context.Principal!.Claims);
        var user = ProviderIdentity.User(ProviderIdentity.UserId(issuers.OfSubject(provider, subject), subject.Value), context.Principal, answer);
        var proof = flow.Prove(context.Properties, user.Id, provider.Type, answer.AuthTime);
        if (proof.Refusal is { } reason)
        {
            Send(context, links.Error(request.Address, AuthError.AccessDenied, failures.Denied(request, provider.Id, returnUrl.Text) with { Reason = reason }));
            return;
        }

        var account = Account(provider, subject.Value, answer);
        var outcome = await DecideAsync(request, user, account, answer.Profile);
        if (outcome.Grant is not { } grant)
        {
            Send(context, outcome.Target ?? links.Error(request.Address, AuthError.AccessDenied, Denied(request, provider, user, returnUrl)));
            return;
        }

        context.HttpContext.Features.Set(grant with
        {
            AuthenticatedAt = proof.AuthenticatedAt, IsConfirmation = proof.IsConfirmation, BeganIn = SignInFlow.SessionOf(context.Properties),
        });
        context.ReturnUri = returnUrl.Text;
    }

    /// <summary>Asks the app's callbacks about a person whom a provider vouches for.</summary>
    public async Task<SignInOutcome> DecideAsync(AuthRequest request, SessionUser user, AuthAccount account, JsonObject profile)
    {
        var http = request.Http;
        var callbacks = http.RequestServices.GetRequiredService<AuthCallbacks>();
        var context = new SignInContext
        {
            User = user, Account = account, Profile = profile, Services = http.RequestServices, CancellationToken = http.RequestAborted,
        };
        var decision = await AskAsync(callbacks, context);
        if (!decision.IsAllowed)
        {
            if (decision.Target is null)
            {
                return SignInOutcome.Denied;
            }

            logger.SignInSentElsewhere(account.Provider);
            return SignInOutcome.SentTo(ReturnUrl.Parse(decision.Target, request.Address, allowed) ?? ReturnUrl.Home(request.Address));
        }

        var claims = SignInGrant.ClaimsOf(user);
        var token = new TokenContext
        {
            Claims = claims, Trigger = TokenTrigger.SignIn, User = user, Account = account, Profile = profile,
            Services = http.RequestServices, CancellationToken = http.RequestAborted,
        };
        return await callbacks.TokenAsync(token)
            ? SignInOutcome.Granted(new SignInGrant(user, account, profile, SessionTicket.WithoutReserved(claims)))
            : SignInOutcome.Denied;
    }

    // A callback that throws has not allowed the sign-in.
    private async Task<SignInDecision> AskAsync(AuthCallbacks callbacks, SignInContext context)
    {
        try
        {
            return await callbacks.SignInAsync(context);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.SignInCallbackFailed(exception, context.Account.Provider);
            return SignInDecision.Deny;
        }
    }

    // The app gave no reason. Where no address is confirmed, saying so is the help that a person can use.
    private AuthFailure Denied(AuthRequest request, AuthProvider provider, SessionUser user, ReturnUrl returnUrl) =>
        failures.Denied(request, provider.Id, returnUrl.Text) with
        {
            Reason = user is { Email: not null, EmailVerified: true } ? AuthErrorReason.None : AuthErrorReason.EmailNotVerified,
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
