using System.Text.Json;
using BlazorAuth.Http.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace BlazorAuth.Http;

/// <summary>The kind of response that a client expects (<c>docs/contract/endpoints.md</c> §7).</summary>
internal enum AnswerMode
{
    /// <summary>A form of a page: redirects are redirects.</summary>
    Form,

    /// <summary>The header <c>X-Auth-Return-Redirect</c>: a redirect becomes 200 <c>{"url"}</c>.</summary>
    Header,

    /// <summary>The body field <c>json=true</c> of next-auth 4: the same, with 401 and 403 for a refused sign-in.</summary>
    Field,
}

/// <summary>A request to one of the endpoints: body read once, mode, CSRF token, and the checked return address.</summary>
internal sealed class AuthRequest(HttpContext http, PublicAddress address, AuthBody body, Func<AuthRequest, CsrfToken> csrf)
{
    private CsrfToken? _csrf;

    public HttpContext Http { get; } = http;

    /// <summary>The app's public address as this request may use it.</summary>
    public PublicAddress Address { get; } = address;

    public AuthBody Body { get; } = body;

    /// <summary>The CSRF token of the cookie, or a new one. Checked when it is asked for.</summary>
    public CsrfToken Csrf => _csrf ??= csrf(this);

    /// <summary>Where the person goes afterwards: asked for by body, query or cookie, in this order, and checked. Home when nothing was asked.</summary>
    public required ReturnUrl ReturnUrl { get; init; }

    /// <summary>Whether the browser's cookie does not hold the return address yet.</summary>
    public bool ReturnUrlIsNew { get; init; }

    public CancellationToken Cancelled => Http.RequestAborted;

    public AnswerMode Mode { get; } =
        http.Request.Headers.ContainsKey(AuthHeaders.ReturnRedirect) ? AnswerMode.Header
        : body.Field("json") == "true" && !body.IsJson ? AnswerMode.Field
        : AnswerMode.Form;

    /// <summary>What the client sent as <c>data</c> in an update; null when it sent none.</summary>
    public JsonElement? Data => Body.Member("data");

    /// <summary>The provider named in the address; null when none is. Clients that know no provider send the text <c>undefined</c>.</summary>
    public string? ProviderId => ProviderIdIn(Http.Request.RouteValues);

    /// <summary>Whether a signed-in person is asked to reauthenticate.</summary>
    public bool WantsFresh => Query("fresh") == "true";

    public string? Query(string name) => Http.Request.Query.TryGetValue(name, out var values) && values.Count > 0 ? values[^1] : null;

    public static AuthRequest Of(HttpContext http) => http.Features.Get<AuthRequest>()
        ?? throw new InvalidOperationException("The endpoint was mapped outside MapBlazorAuth's group, which reads the request.");

    /// <summary>The provider that the route values of an address name.</summary>
    public static string? ProviderIdIn(RouteValueDictionary? values) =>
        values?["provider"] is string id && id.Trim('/') is { Length: > 0 } name && name != "undefined" ? name.ToLowerInvariant() : null;

    /// <summary>For minimal APIs: the request that the group's filter has read.</summary>
    public static ValueTask<AuthRequest> BindAsync(HttpContext http) => ValueTask.FromResult(Of(http));
}

internal static class AuthHeaders
{
    public const string ReturnRedirect = "X-Auth-Return-Redirect";
    public const string CsrfToken = "X-CSRF-Token";
    public const string FetchSite = "Sec-Fetch-Site";
    public const string FetchMode = "Sec-Fetch-Mode";
    public const string ResourcePolicy = "Cross-Origin-Resource-Policy";
}
