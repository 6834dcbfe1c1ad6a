using BlazorAuth.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Endpoints;

/// <summary>Marks the callback of credentials, which a form or a front end's script posts to, or the one of all other providers, to which they send the browser back.</summary>
internal sealed record CallbackKind(bool IsCredentials);

/// <summary>Decides by the provider which of the two endpoints <c>callback/{provider}</c> is. Providers may come and go while the app runs.</summary>
internal sealed class CallbackMatcher(IServiceProvider services) : MatcherPolicy, IEndpointSelectorPolicy
{
    // The registry needs the endpoints' own services, which are still being created at this point.
    private readonly Lazy<AuthProviderRegistry> _providers = new(services.GetRequiredService<AuthProviderRegistry>);

    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<CallbackKind>() is not null);

    public async Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i) && candidates[i].Endpoint.Metadata.GetMetadata<CallbackKind>() is { } kind)
            {
                var isCredentials = AuthRequest.ProviderIdIn(candidates[i].Values) is { } id
                    && await _providers.Value.FindAsync(id) is { Type: AuthProviderType.Credentials };
                candidates.SetValidity(i, kind.IsCredentials == isCredentials);
            }
        }
    }
}
