using BlazorAuth.Accounts;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Providers;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Endpoints;

/// <summary><c>POST account/connect/{provider}</c>: the one place where linking starts.</summary>
internal static class AccountConnectEndpoint
{
    public static async Task<IResult> StartAsync(
        AuthRequest request, IAccountAuthority authority, AuthProviderRegistry providers, ContractCookies cookies, Refusals refusals, FreshCheck fresh, SignInStart start)
    {
        var provider = request.ProviderId is { } id ? await providers.FindAsync(id) : null;
        if (provider is null or { Type: AuthProviderType.Credentials } || authority is NoAccounts)
        {
            return refusals.UnknownProvider(request);
        }

        var back = request.Address.Absolute(AuthPaths.Account(""));
        return await fresh.RunAsync(request, back, session =>
        {
            cookies.Prepare(request);
            var properties = new AuthenticationProperties { RedirectUri = back };
            start.Take(request, provider, properties);
            SignInFlow.Connect(properties, session);
            return start.ChallengeAsync(request, provider, properties);
        });
    }
}
