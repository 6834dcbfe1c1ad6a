using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Providers;

/// <summary>
/// Handles the schemes for which the app chose another callback (<c>CallbackPath</c>): their responses go through the same pipeline as all others, so that
/// limits and <c>iss</c> are checked before the code is redeemed. Nobody can sign in with this scheme itself.
/// </summary>
internal sealed class OwnCallbackHandler(IAuthenticationSchemeProvider schemes) : IAuthenticationRequestHandler
{
    public const string Scheme = "BlazorAuth.Callbacks";

    private HttpContext? _http;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _http = context;
        return Task.CompletedTask;
    }

    public async Task<bool> HandleRequestAsync()
    {
        var http = _http!;
        if ((schemes as AuthSchemeProvider)?.WithCallbackAt(http.Request.Path) is not { } provider)
        {
            return false;
        }

        await http.RequestServices.GetRequiredService<ICallbackRunner>().RunAsync(http, provider);
        return true;
    }

    public Task<AuthenticateResult> AuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());

    public Task ChallengeAsync(AuthenticationProperties? properties) => Task.CompletedTask;

    public Task ForbidAsync(AuthenticationProperties? properties) => Task.CompletedTask;
}

/// <summary>The endpoints' side of <see cref="OwnCallbackHandler"/>, a floor above.</summary>
internal interface ICallbackRunner
{
    Task RunAsync(HttpContext http, AuthProvider provider);
}
