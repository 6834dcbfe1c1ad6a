using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace BlazorAuth.Http;

/// <summary>Finds the endpoint that answers at a path when a browser asks for it, without a request.</summary>
internal sealed class PageEndpoints(EndpointDataSource endpoints, ParameterPolicyFactory policies)
{
    private volatile SortedEndpoints _sorted = new(null, []);

    /// <param name="path">The path below the app's own, unescaped except for slashes.</param>
    /// <param name="mayBe">Which endpoints come into question.</param>
    /// <param name="trustsConstraints">Whether a route constraint of the app's own, which may need the request, is taken for met.</param>
    public RouteEndpoint? Find(string path, Func<RouteEndpoint, bool> mayBe, bool trustsConstraints)
    {
        foreach (var endpoint in Sorted())
        {
            if (mayBe(endpoint) && MayBegin(endpoint.RoutePattern, path) && Matches(endpoint.RoutePattern, path, trustsConstraints))
            {
                return endpoint;
            }
        }

        return null;
    }

    // The list is another one when an endpoint was added.
    private RouteEndpoint[] Sorted()
    {
        var (all, sorted) = _sorted;
        if (!ReferenceEquals(all, endpoints.Endpoints))
        {
            all = endpoints.Endpoints;
            sorted = [.. all.OfType<RouteEndpoint>().Where(AcceptsGet).OrderBy(endpoint => endpoint.Order).ThenBy(endpoint => endpoint.RoutePattern.InboundPrecedence)];
            _sorted = new(all, sorted);
        }

        return sorted;
    }

    // An app has hundreds of files, each with an endpoint.
    private static bool MayBegin(RoutePattern route, string path) =>
        route.PathSegments is not [{ IsSimple: true, Parts: [RoutePatternLiteralPart { Content: var first }] }, ..] || path.AsSpan(1).StartsWith(first, StringComparison.OrdinalIgnoreCase);

    private static bool AcceptsGet(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is not { HttpMethods: { Count: > 0 } methods } || methods.Contains(HttpMethods.Get, StringComparer.OrdinalIgnoreCase);

    private bool Matches(RoutePattern route, string path, bool trustsConstraints)
    {
        var values = new RouteValueDictionary();
        return new TemplateMatcher(new RouteTemplate(route), new RouteValueDictionary(route.Defaults)).TryMatch(path, values)
            && HasRequired(route, values)
            && route.ParameterPolicies.All(parameter => parameter.Value.All(reference =>
                policies.Create(route.GetParameter(parameter.Key), reference) is not IRouteConstraint constraint
                || (IsPlatforms(constraint) ? constraint.Match(null, null, parameter.Key, values, RouteDirection.IncomingRequest) : trustsConstraints)));
    }

    // Actions of MVC that share a conventional route differ in nothing else.
    private static bool HasRequired(RoutePattern route, RouteValueDictionary values) => route.RequiredValues.All(required =>
        ReferenceEquals(required.Value, RoutePattern.RequiredValueAny) || !values.ContainsKey(required.Key)
        || string.Equals(Convert.ToString(values[required.Key], CultureInfo.InvariantCulture) ?? "", Convert.ToString(required.Value, CultureInfo.InvariantCulture) ?? "", StringComparison.OrdinalIgnoreCase));

    private static bool IsPlatforms(IRouteConstraint constraint) => constraint switch
    {
        OptionalRouteConstraint optional => IsPlatforms(optional.InnerConstraint),
        CompositeRouteConstraint composite => composite.Constraints.All(IsPlatforms),
        HttpMethodRouteConstraint => false,
        _ => constraint.GetType().Assembly == typeof(IntRouteConstraint).Assembly,
    };

    private sealed record SortedEndpoints(IReadOnlyList<Endpoint>? All, RouteEndpoint[] Sorted);
}
