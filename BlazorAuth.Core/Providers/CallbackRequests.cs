using BlazorAuth.Http;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Providers;

/// <summary>The request of a callback, including that of a scheme whose app chose a callback path outside BlazorAuth's endpoints.</summary>
internal sealed class CallbackRequests(PublicAddressSource addresses, AuthRequestReader reader)
{
    public async ValueTask<AuthRequest> OfAsync(HttpContext http)
    {
        if (http.Features.Get<AuthRequest>() is { } known)
        {
            return known;
        }

        var origin = addresses.Trusted(http) ?? throw new BadHttpRequestException("The request did not come through a known proxy.");
        var (request, _) = await reader.ReadAsync(http, origin);
        return request ?? throw new BadHttpRequestException("The callback's body cannot be read.");
    }
}
