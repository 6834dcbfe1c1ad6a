namespace BlazorAuth;

/// <summary>
/// Accepts the session on an endpoint no matter which page sent the request: for an address to which another site posts the browser back, as payment
/// services and SAML providers do. Without it, such a request is handled as anonymous.
/// </summary>
/// <remarks>
/// It has no effect on Blazor pages, which can't receive such a POST: post to an endpoint that redirects to the page. The platform's antiforgery check still applies:
/// disable it on that endpoint.
/// The endpoint itself has to check that the user intended the request: any page on the web can make a visitor's browser send it. Not allowed on
/// SignalR hubs and BlazorAuth's own endpoints. To allow certain front ends, list them in a CORS policy with credentials instead.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class AllowForeignOriginsAttribute : Attribute;
