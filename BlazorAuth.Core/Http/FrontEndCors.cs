using System.Text.RegularExpressions;
using BlazorAuth.Http.Cookies;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace BlazorAuth.Http;

/// <summary>
/// Lets the browser show the answers of some endpoints to the pages of the allowed front ends, errors included, and to no others: the platform's policy
/// and service, applied to the group itself, so that the app needs no <c>UseCors</c>.
/// </summary>
internal sealed partial class FrontEndCors(FrontEndOrigins allowed, ICorsService cors, IOptions<CorsOptions> options)
{
    private readonly CorsPolicy _policy = options.Value.GetPolicy(AuthOptions.CorsPolicy)!;

    /// <summary>Takes care of CORS for this request; true when it was a preflight, which is answered now.</summary>
    public bool Handle(HttpContext http)
    {
        // Routing matches a preflight to the endpoint that it asks about, which must not run.
        var isForFrontEnds = IsForFrontEnds(http);
        if (IsPreflight(http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            if (isForFrontEnds)
            {
                Apply(http);
            }

            return true;
        }

        if (!isForFrontEnds)
        {
            return false;
        }

        // Late, like the platform's middleware: an exception handler clears the headers, and its response must be readable too.
        http.Response.OnStarting(() =>
        {
            Apply(http);
            return Task.CompletedTask;
        });
        return false;
    }

    // Before routing, when requests are rejected until the store has been read, only the address is known.
    private static bool IsForFrontEnds(HttpContext http) => http.GetEndpoint() is { } endpoint
        ? endpoint.Metadata.GetMetadata<FrontEndMetadata>() is not null
        : Addresses().IsMatch(http.Request.Path.Value!);

    [GeneratedRegex($"{AuthPaths.Base}/(session|csrf|providers|signout|_log|(signin|callback)/[^/]+|assets/client[.](js|d[.]ts))/?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Addresses();

    private static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.Origin.Count > 0 && request.Headers.AccessControlRequestMethod.Count > 0;

    private void Apply(HttpContext http)
    {
        var headers = http.Response.Headers;
        var isAllowed = allowed.Contains(http.Request.Headers.Origin);
        if (allowed.All.Count == 0 || (isAllowed && FrontEndCorsMatcher.MiddlewareHasRun(http)))
        {
            return;
        }

        if (isAllowed)
        {
            cors.ApplyResult(cors.EvaluatePolicy(http, _policy), http.Response);
        }

        // The service only adds Vary: Origin for allowed origins; a cache has to know that the response to others differs.
        headers.Vary = headers.Vary.SelectMany(value => value!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Append(HeaderNames.Origin).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
    }
}

/// <summary>The policy that is made of the allowed origins.</summary>
internal sealed class FrontEndCorsPolicy(FrontEndOrigins allowed) : IConfigureOptions<CorsOptions>
{
    // Browsers cap it: Chromium at two hours, Firefox at a day.
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(2);

    private static readonly string[] Headers =
    [
        AuthHeaders.CsrfToken, "X-Requested-With", "Accept", "Accept-Version", "Content-Length", "Content-MD5", "Content-Type", "Date", "X-Api-Version",
        AuthHeaders.ReturnRedirect,
    ];

    public void Configure(CorsOptions options) => options.AddPolicy(AuthOptions.CorsPolicy, policy => policy
        .WithOrigins([.. allowed.All])
        .SetIsOriginAllowed(allowed.Contains)
        .AllowCredentials()
        .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Options)
        .WithHeaders(Headers)
        .WithExposedHeaders(HeaderNames.RetryAfter)
        .SetPreflightMaxAge(MaxAge));
}

/// <summary>
/// Puts BlazorAuth's policy on the group, so that an app that calls <c>UseCors</c> for its own endpoints applies it here instead of its default policy.
/// The platform refuses to run an endpoint with such metadata unless its middleware has run; for these, <see cref="FrontEndCors"/> stands in.
/// </summary>
internal sealed class FrontEndCorsMatcher : MatcherPolicy, IEndpointSelectorPolicy
{
    // What CorsMiddleware leaves and EndpointMiddleware looks for.
    private const string MiddlewareKey = "__CorsMiddlewareWithEndpointInvoked";

    private static readonly object StandIn = new();

    public override int Order => 0;

    public static bool MiddlewareHasRun(HttpContext http) => http.Items[MiddlewareKey] is { } mark && mark != StandIn;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<OwnEndpoint>() is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        httpContext.Items[MiddlewareKey] = StandIn;
        return Task.CompletedTask;
    }
}

/// <summary>Marks the endpoints that a front end's script reads.</summary>
internal sealed class FrontEndMetadata : IEnableCorsAttribute
{
    public string? PolicyName { get; set; } = AuthOptions.CorsPolicy;
}
