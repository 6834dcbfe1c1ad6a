using BlazorAuth.Http;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Endpoints;

/// <summary>
/// Asks a person to sign in again before other devices are signed out, and before an account is connected, disconnected, exported or deleted: someone who found
/// this device unlocked, or copied its cookie, must not be able to take the account over, or to lock its owner out.
/// </summary>
internal sealed class FreshCheck(SessionManager sessions, AuthProviderRegistry providers, PageAddresses addresses, IOptions<AuthOptions> options)
{
    /// <summary>Does what was asked for if the person signed in a short while ago. Otherwise they sign in, for the first time or again, and come back.</summary>
    /// <param name="request">The request.</param>
    /// <param name="back">Where they come back to.</param>
    /// <param name="work">What was asked for, with the person's session.</param>
    public async Task<IResult> RunAsync(AuthRequest request, string back, Func<Session, Task<IResult>> work)
    {
        if (await CurrentAsync(request) is not { } session)
        {
            return AuthAnswer.Redirect(request, addresses.SignIn(request.Address, back));
        }

        return await AskAsync(request, session, back) ?? await work(session);
    }

    /// <summary>
    /// The session of the request; null when nobody is signed in by now. That is found out before the body is read, which takes as long as its client wants: for what
    /// changes something, the row is asked.
    /// </summary>
    public async ValueTask<Session?> CurrentAsync(AuthRequest request)
    {
        var session = (await request.Http.CurrentTicketAsync())?.Session;
        return session is null || !HttpMethods.IsPost(request.Http.Request.Method) || (await sessions.FindTicketAsync(session.Id, request.Cancelled))?.UserId == session.User.Id
            ? session
            : null;
    }

    /// <summary>The way to a new sign-in that leads back; null when the last one was a short while ago.</summary>
    public async ValueTask<IResult?> AskAsync(AuthRequest request, Session session, string back)
    {
        var within = options.Value.Session.FreshFor;
        return within == Timeout.InfiniteTimeSpan || sessions.IsFresh(session, within)
            ? null
            : AuthAnswer.Redirect(request, AuthPaths.Fresh(request.Address.Absolute(""), await providers.ToAskAgainAsync(session.Provider), back));
    }
}
