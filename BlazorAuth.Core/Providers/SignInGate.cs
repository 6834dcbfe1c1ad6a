using System.Text.Json.Nodes;
using BlazorAuth.Accounts;
using BlazorAuth.Http;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using BlazorAuth.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Providers;

/// <summary>The one place that decides who may sign in: profile, account, sign-in callback, token claims.</summary>
internal sealed class SignInGate(FrontEndOrigins allowed, IAccountAuthority authority, SharedClock clock, ILogger<SignInGate> logger)
{
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

    /// <summary>Whether the app lets an account be connected to its user's others.</summary>
    public async Task<bool> MayConnectAsync(WayIn way, AuthAccount account, string userId, CancellationToken cancellationToken) =>
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
        return SignInOutcome.SentTo(ReturnUrl.Parse(AuthPaths.Below(request.Address.PathBase.ToUriComponent(), decision.Target), request.Address, allowed) ?? ReturnUrl.Home(request.Address));
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
}
