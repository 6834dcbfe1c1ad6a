using BlazorAuth;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Endpoints to which other sites send the browser back.</summary>
public static class ForeignOriginsEndpointConventionBuilderExtensions
{
    /// <summary>
    /// Lets the session count on the endpoint whatever page sent the request: for an address to which another site posts the browser back, as payment
    /// services and SAML providers do. The endpoint has to tell for itself whether the request is meant. Not for SignalR hubs.
    /// </summary>
    public static TBuilder AllowForeignOrigins<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new AllowForeignOriginsAttribute());
}
