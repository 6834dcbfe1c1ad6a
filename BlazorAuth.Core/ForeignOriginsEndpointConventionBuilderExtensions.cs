using BlazorAuth;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Endpoints to which other sites send the browser back.</summary>
public static class ForeignOriginsEndpointConventionBuilderExtensions
{
    /// <summary>
    /// Accepts the session on the endpoint no matter which page sent the request: for an address to which another site posts the browser back, as payment
    /// services and SAML providers do. The endpoint itself has to check that the user intended the request. Not for SignalR hubs.
    /// </summary>
    public static TBuilder AllowForeignOrigins<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new AllowForeignOriginsAttribute());
}
