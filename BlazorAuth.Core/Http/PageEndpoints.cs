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
    /// <param name="path">The path below the app's own, unescaped except for slashes.</param>
    /// <param name="mayBe">Which endpoints come into question.</param>
    /// <param name="trustsConstraints">Whether a route constraint of the app's own, which may need the request, is taken for met.</param>
    public RouteEndpoint? Find(string path, Func<RouteEndpoint, bool> mayBe, bool trustsConstraints) => endpoints.Endpoints
        .OfType<RouteEndpoint>()
        .Where(endpoint => mayBe(endpoint) && AcceptsGet(endpoint))
        .OrderBy(endpoint => endpoint.Order)
        .ThenBy(endpoint => endpoint.RoutePattern.InboundPrecedence)
        .FirstOrDefault(endpoint => Matches(endpoint.RoutePattern, path, trustsConstraints));

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
        _ => constraint.GetType().Assembly == typeof(IntRouteConstraint).Assembly,
    };
}
