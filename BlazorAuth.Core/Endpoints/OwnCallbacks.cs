using BlazorAuth.Http;
using BlazorAuth.Providers;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Endpoints;

/// <summary>Runs the callback endpoint, with everything before it, at an address that the app chose.</summary>
internal sealed class OwnCallbacks(AuthPipeline pipeline) : ICallbackRunner
{
    private static readonly EndpointMetadataCollection Metadata = new(new OwnEndpoint(), new CallbackKind(IsCredentials: false), new WithoutCsrf());

    public async Task RunAsync(HttpContext http, AuthProvider provider)
    {
        var (endpoint, routeValues) = (http.GetEndpoint(), http.Request.RouteValues);
        http.SetEndpoint(new Endpoint(null, Metadata, "Callback of " + provider.Id));
        http.Request.RouteValues = new(routeValues) { ["provider"] = provider.Id };
        await pipeline.RunAsync(http, AnswerAsync);
        http.Request.RouteValues = routeValues;
        http.SetEndpoint(endpoint);
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        var services = http.RequestServices;
        var answer = await CallbackEndpoint.HandleAsync(
            AuthRequest.Of(http),
            services.GetRequiredService<AuthProviderRegistry>(),
            services.GetRequiredService<ProviderIssuer>(),
            services.GetRequiredService<SignInFlow>(),
            services.GetRequiredService<StateUse>(),
            services.GetRequiredService<TooManyAttempts>(),
            services.GetRequiredService<CallbackFailures>(),
            services.GetRequiredService<FlowReturns>(),
            services.GetRequiredService<Refusals>(),
            services.GetRequiredService<UnknownKeys>());
        await answer.ExecuteAsync(http);
    }
}
