using BlazorAuth;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Endpoints for sensitive things.</summary>
public static class FreshEndpointConventionBuilderExtensions
{
    /// <summary>
    /// Lets only people in who signed in within this time. A browser that opens the endpoint is sent to sign in once more and comes back (a form
    /// that was posted: to the page it stands on), a client gets 403 with <c>"error": "FreshSignInRequired"</c> and the address to go to as <c>url</c>.
    /// </summary>
    public static TBuilder RequireFresh<TBuilder>(this TBuilder builder, TimeSpan within)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new RequireFreshAttribute(within));
}
