using BlazorAuth.Circuits;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Identity;

/// <summary>Says that Identity's users are the app's users, and checks at start what no order of calls may change.</summary>
internal sealed class IdentityBridge(IServiceScopeFactory scopes) : IHostedService
{
    // What is bound to them by Events: the browser, the stamp, and when the sign-in began.
    private static readonly string[] BoundCookies = [IdentityConstants.ExternalScheme, IdentityConstants.TwoFactorUserIdScheme, IdentityConstants.TwoFactorRememberMeScheme];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (scope.ServiceProvider.GetRequiredService<AuthenticationStateProvider>() is { } used and not SessionStateProvider)
        {
            throw new AuthSetupException(
                $"Pages would not notice when a session ends: {used.GetType().Name} was registered as AuthenticationStateProvider after AddIdentityAccounts. "
                + $"Remove the line builder.Services.AddScoped<AuthenticationStateProvider, {used.GetType().Name}>().");
        }

        var (schemes, cookies) = (scope.ServiceProvider.GetRequiredService<IAuthenticationSchemeProvider>(), scope.ServiceProvider.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>());
        foreach (var scheme in BoundCookies)
        {
            var options = await schemes.GetSchemeAsync(scheme) is null ? null : cookies.Get(scheme);
            if ((options?.EventsType ?? OwnTypeOf(options?.Events)) is { } type)
            {
                throw new AuthSetupException(
                    $"The cookie of scheme '{scheme}' has events of the type {type.Name}, which would bypass what BlazorAuth checks of it. Set the delegates of its Events instead, and call {type.Name} from them.");
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Type? OwnTypeOf(CookieAuthenticationEvents? events) => events?.GetType() is { } type && type != typeof(CookieAuthenticationEvents) ? type : null;
}
