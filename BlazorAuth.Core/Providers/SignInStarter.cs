using System.Security.Claims;
using BlazorAuth.Accounts;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Providers;

/// <summary>
/// The platform's service, with one addition: a challenge of a remote scheme starts a sign-in that belongs to the browser, whatever makes it: our
/// endpoint, <c>[Authorize]</c> with a scheme, or the app's own code.
/// </summary>
internal sealed class SignInStarter(IAuthenticationService platform) : IAuthenticationService
{
    public Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme) => platform.AuthenticateAsync(context, scheme);

    public async Task ChallengeAsync(HttpContext context, string? scheme, AuthenticationProperties? properties)
    {
        var schemes = context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>();
        var chosen = scheme is null ? await schemes.GetDefaultChallengeSchemeAsync() : await schemes.GetSchemeAsync(scheme);
        if (chosen is not null && RemoteScheme.OptionsType(chosen.HandlerType) is not null
            && context.RequestServices.GetRequiredService<AuthProviderRegistry>().Of(chosen)?.Options is { } options)
        {
            // The sign-in could not be completed, and it is better to find out before entering a password elsewhere.
            if (context.RequestServices.GetRequiredService<StoreState>() is { Answers: false, Failure: var failure })
            {
                throw new SessionStoreException(failure ?? "The session store has not been read since this node started.");
            }

            if (context.RequestServices.GetRequiredService<IAccountAuthority>() is StoredAccounts { Failure: { } reason })
            {
                throw new SessionStoreException(reason);
            }

            properties ??= new AuthenticationProperties();
            context.RequestServices.GetRequiredService<SignInFlow>().Start(context, properties, options, await SessionOfAsync(context));
        }

        await platform.ChallengeAsync(context, scheme, properties);
    }

    // If the store stops responding just now, the sign-in counts as started by someone who was not signed in.
    private static async Task<string?> SessionOfAsync(HttpContext context)
    {
        try
        {
            return (await context.CurrentTicketAsync())?.Id;
        }
        catch (SessionStoreException)
        {
            return null;
        }
    }

    public Task ForbidAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => platform.ForbidAsync(context, scheme, properties);

    public Task SignInAsync(HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties) =>
        platform.SignInAsync(context, scheme, principal, properties);

    public Task SignOutAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => platform.SignOutAsync(context, scheme, properties);
}
