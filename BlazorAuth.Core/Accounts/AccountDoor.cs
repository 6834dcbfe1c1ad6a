using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Accounts;

/// <summary>Admits people whom the app signs in by itself, if the authority on user ids agrees.</summary>
internal sealed class AccountDoor(IAccountAuthority authority)
{
    /// <summary>How many times a sign-in is tried when its account keeps changing meanwhile.</summary>
    public const int MostAttempts = 3;

    /// <summary>The grant for the user's own id.</summary>
    /// <exception cref="SignInRefusedException">The user may not sign in.</exception>
    public async Task<SignInGrant> AdmitAsync(HttpContext http, SignInGrant grant)
    {
        var way = WayIn.OfPrincipal(grant.Account.Provider, grant.User, http.RequestServices) with { Stamp = grant.Stamp };
        if (grant.GoesOn)
        {
            // Whose session it is was decided when it began: that it goes on is no way to sign in.
            return await authority.ConfirmAsync(way, grant.User.Id, http.RequestAborted) is { } banned ? throw new SignInRefusedException(banned) : Admitted(grant.User.Id);
        }

        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var owner = await authority.FindAsync(way, http.RequestAborted);
            if (owner.Refusal is { } reason)
            {
                throw new SignInRefusedException(reason);
            }

            if (await authority.SettleAsync(way, owner, http.RequestAborted))
            {
                return Admitted(owner.UserId);
            }
        }

        throw Unsettled();

        SignInGrant Admitted(string userId) => grant with { User = grant.User with { Id = userId }, AskAgain = token => authority.ConfirmAsync(way, userId, token) };
    }

    /// <summary>What is wrong when an account changes faster than it can be written down.</summary>
    public static SessionStoreException Unsettled() => new($"An account changed {MostAttempts} times while somebody signed in with it.");
}
