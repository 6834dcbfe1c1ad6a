using BlazorAuth.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Startup;

/// <summary>
/// Stops an app that has ASP.NET Core Identity's application cookie beside BlazorAuth and does not say how the two live together: its sign-ins would seem to work and
/// sign nobody in, and its Logout would do nothing.
/// </summary>
internal sealed class IdentityStartup(
    IServiceCollection registered, IServiceProvider services, IAuthenticationSchemeProvider schemes, IOptionsMonitor<CookieAuthenticationOptions> cookies) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if ((await schemes.GetSchemeAsync(IdentityConstants.ApplicationScheme))?.HandlerType != typeof(CookieAuthenticationHandler)
            || services.GetService<IdentityBridge>() is not null
            || cookies.Get(IdentityConstants.ApplicationScheme) is { ForwardDefault: not null } or { ForwardDefaultSelector: not null })
        {
            return;
        }

        throw new AuthSetupException(
            "This app uses ASP.NET Core Identity, but BlazorAuth does not use its users: people who sign in on Identity's pages would stay anonymous, and its Logout would do nothing. "
            + $"Change the line to builder.Services.AddBlazorAuth().AddIdentityAccounts<{UserType()}>(); see docs/identity.md.");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string UserType() => registered
        .Select(service => service.ServiceType)
        .FirstOrDefault(type => type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(UserManager<>))?.GenericTypeArguments[0].Name ?? "ApplicationUser";
}
