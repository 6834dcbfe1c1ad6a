using BlazorAuth.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Endpoints;

/// <summary><c>signout/callback/{provider}</c>: where an OpenID Connect provider sends people whom the app signed out there too.</summary>
internal static class SignOutCallbackEndpoint
{
    public static async Task<IResult> HandleAsync(AuthRequest request, AuthProviderRegistry providers, Refusals refusals)
    {
        if (request.ProviderId is { } id && await providers.FindAsync(id) is { } provider
            && await request.Http.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>().GetHandlerAsync(request.Http, provider.Scheme)
                is IAuthenticationRequestHandler handler
            && await handler.HandleRequestAsync())
        {
            return Results.Empty;
        }

        return refusals.UnknownProvider(request);
    }
}
