using BlazorAuth.Accounts;
using BlazorAuth.Http;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Endpoints;

/// <summary><c>POST account/disconnect</c>: takes one way to sign in away, never the last.</summary>
internal static class AccountDisconnectEndpoint
{
    public static async Task<IResult> HandleAsync(AuthRequest request, IAccountAuthority authority, IServiceProvider services, Refusals refusals, FreshCheck fresh, SessionManager sessions)
    {
        if (authority is not StoredAccounts)
        {
            return refusals.NothingHere(request);
        }

        var back = request.Address.Absolute(AuthPaths.Account(""));
        return await fresh.RunAsync(request, back, session => sessions.OneAtATimeAsync(
            session.User.Id, () => DisconnectAsync(request, services, session, back), CancellationToken.None));
    }

    private static async Task<IResult> DisconnectAsync(AuthRequest request, IServiceProvider services, Session session, string back)
    {
        // A form names the account by the hash of issuer and subject. A browser that closes the connection has still requested it.
        var manager = services.GetRequiredService<AccountManager>();
        var accounts = await manager.ListAccountsAsync(session.User.Id, request.Cancelled);
        var account = accounts.FirstOrDefault(known => known.DefaultUserId == request.Body.Field("account") && !WayIn.IsOfApp(known.Issuer));
        var result = account is null
            ? UnlinkResult.NotFound
            : await manager.UnlinkAsync(session.User.Id, account.Issuer, account.Subject, session.Id, CancellationToken.None);
        return AuthAnswer.Redirect(request, PageAddresses.With(back, ("done", result switch
        {
            UnlinkResult.Unlinked => "disconnected",
            UnlinkResult.LastOne => "last",
            _ => "gone",
        })));
    }
}
