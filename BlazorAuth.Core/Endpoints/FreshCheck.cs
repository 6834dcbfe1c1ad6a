using BlazorAuth.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Endpoints;

/// <summary>
/// Asks a person to sign in again before other devices are signed out: someone who found this one unlocked, or copied its cookie, must not be able to lock
/// the owner out of all others.
/// </summary>
internal sealed class FreshCheck(SessionManager sessions, AuthProviderRegistry providers, IOptions<AuthOptions> options)
{
    /// <summary>The way to a new sign-in that leads back; null when the last one was a short while ago.</summary>
    public async ValueTask<IResult?> AskAsync(AuthRequest request, Session session, string back)
    {
        var within = options.Value.Session.FreshFor;
        return within == Timeout.InfiniteTimeSpan || sessions.IsFresh(session, within)
            ? null
            : AuthAnswer.Redirect(request, AuthPaths.Fresh(request.Address.Absolute(""), await providers.ToAskAgainAsync(session.Provider), back));
    }
}
