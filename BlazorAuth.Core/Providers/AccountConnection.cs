using BlazorAuth.Accounts;
using BlazorAuth.Http;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Providers;

/// <summary>Ends a flow that a signed-in user began in order to connect one more account. It begins no session.</summary>
internal sealed class AccountConnection(IAccountAuthority authority, SessionManager sessions, PageAddresses links, FailureReport failures)
{
    /// <param name="request">The callback.</param>
    /// <param name="way">The account.</param>
    /// <param name="userId">To whom it is to be connected, as the protected state says.</param>
    /// <param name="sessionId">From which session.</param>
    /// <param name="mayConnect">What the app's sign-in callback says.</param>
    /// <param name="returnUrl">Where the user goes.</param>
    /// <returns>Where the user goes: there, or to the page that says why not.</returns>
    public async Task<string> ConnectAsync(
        AuthRequest request, WayIn way, string userId, string sessionId, Func<Task<bool>> mayConnect, ReturnUrl returnUrl)
    {
        var refusal = !await IsStillThereAsync(request, userId, sessionId) ? AuthErrorReason.OtherPerson
            : !await mayConnect() ? AuthErrorReason.None
            : await authority.LinkAsync(way, userId, request.Cancelled);
        if (refusal is not { } reason)
        {
            return PageAddresses.With(returnUrl.Text, ("done", "connected"));
        }

        var code = reason == AuthErrorReason.AccountOfSomebodyElse ? AuthError.OAuthAccountNotLinked : AuthError.AccessDenied;
        return links.Error(request.Address, code, failures.Denied(request, way.Provider, returnUrl.Text) with { Reason = reason });
    }

    /// <summary>Whether the session that began this lives, is that user's, and is the one of the browser where the browser says which it has.</summary>
    private async Task<bool> IsStillThereAsync(AuthRequest request, string userId, string sessionId)
    {
        var here = await request.Http.CurrentTicketAsync();
        return (here is null || here.Id == sessionId)
            && await sessions.FindAsync(sessionId, request.Cancelled) is { Content: not null, Record: var record } && record.UserId == userId && sessions.IsLive(record);
    }
}
