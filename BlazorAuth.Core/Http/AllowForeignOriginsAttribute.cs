namespace BlazorAuth;

/// <summary>
/// Lets the session count on an endpoint whatever page sent the request: for an address to which another site posts the browser back, as payment
/// services and SAML providers do. Without it such a request is handled as if nobody were signed in.
/// </summary>
/// <remarks>
/// The endpoint has to tell for itself whether the request is meant: any page on the web can make a visitor's browser send it. It cannot stand on
/// SignalR hubs, nor on BlazorAuth's own endpoints. To let single front ends in, name them in a CORS policy with credentials instead.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class AllowForeignOriginsAttribute : Attribute;
