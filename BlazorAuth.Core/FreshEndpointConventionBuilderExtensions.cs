using BlazorAuth;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Protects endpoints for sensitive actions.</summary>
public static class FreshEndpointConventionBuilderExtensions
{
    /// <summary>
    /// Only allows users who signed in within this time. A browser that opens the endpoint is sent to sign in again and comes back (a form
    /// that was posted: to the page it is on); a client gets a 403 with <c>"error": "FreshSignInRequired"</c> and the address to go to as <c>url</c>.
    /// </summary>
    public static TBuilder RequireFresh<TBuilder>(this TBuilder builder, TimeSpan within)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new RequireFreshAttribute(within));
}
