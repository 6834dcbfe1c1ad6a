using System.ComponentModel;
using BlazorAuth.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Pages;

/// <summary>
/// Names the page of the app that a return address leads to. Nothing of the address itself is ever shown: a link from outside could say
/// anything there. A name comes from the page's own code.
/// </summary>
internal sealed class ReturnPageNames(EndpointDataSource endpoints, ParameterPolicyFactory policies, IOptions<AuthOptions> options)
{
    /// <summary>The name of the page and whether it is for people who are signed in; nothing when the address is no page of the app.</summary>
    public (string? Name, bool NeedsSignIn) Of(PublicAddress origin, string returnUrl, AuthTexts texts)
    {
        if (!returnUrl.StartsWith(origin.BaseUrl, StringComparison.OrdinalIgnoreCase)
            || !WebUri.TryParse(returnUrl, out var address)
            || PathBelow(origin, address) is not { } path
            || Find(path) is not { } page)
        {
            return (null, false);
        }

        return (Name(page, path, texts), page.Metadata.GetMetadata<IAuthorizeData>() is not null && page.Metadata.GetMetadata<IAllowAnonymous>() is null);
    }

    private static string? PathBelow(PublicAddress origin, Uri address)
    {
        if (address.AbsolutePath.Contains("%00", StringComparison.Ordinal))
        {
            // No server takes such a path, and the platform throws.
            return null;
        }

        // As the server reads it: an escaped slash stays inside its segment.
        var path = PathString.FromUriComponent(address).Value!;
        var below = origin.PathBase.HasValue && path.StartsWith(origin.PathBase.Value!, StringComparison.OrdinalIgnoreCase)
            ? path[origin.PathBase.Value!.Length..]
            : path;
        return below.StartsWith('/') ? below : null;
    }

    private RouteEndpoint? Find(string path) => endpoints.Endpoints
        .OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && !IsCatchAll(endpoint.RoutePattern))
        .OrderBy(endpoint => endpoint.Order)
        .ThenBy(endpoint => endpoint.RoutePattern.InboundPrecedence)
        .FirstOrDefault(endpoint => Matches(endpoint.RoutePattern, path));

    private bool Matches(RoutePattern route, string path)
    {
        var values = new RouteValueDictionary();
        return new TemplateMatcher(new RouteTemplate(route), []).TryMatch(path, values)
            && route.ParameterPolicies.All(parameter => parameter.Value.All(reference =>
                policies.Create(route.GetParameter(parameter.Key), reference) is not IRouteConstraint constraint
                || (IsPlatforms(constraint) && constraint.Match(null, null, parameter.Key, values, RouteDirection.IncomingRequest))));
    }

    // There is no request for that page yet, which a custom constraint may rely on, and its result must not be disclosed: such pages have no name here.
    private static bool IsPlatforms(IRouteConstraint constraint) => constraint switch
    {
        OptionalRouteConstraint optional => IsPlatforms(optional.InnerConstraint),
        CompositeRouteConstraint composite => composite.Constraints.All(IsPlatforms),
        _ => constraint.GetType().Assembly == typeof(IntRouteConstraint).Assembly,
    };

    private string? Name(RouteEndpoint page, string path, AuthTexts texts)
    {
        if (options.Value.Pages.PageName is { } name)
        {
            return name(new ReturnPage(path, page.RoutePattern.RawText ?? "", texts.Language));
        }

        return page.Metadata.GetMetadata<DisplayNameAttribute>()?.DisplayName ?? LastWord(page.RoutePattern, texts);
    }

    private static string? LastWord(RoutePattern route, AuthTexts texts)
    {
        var word = route.PathSegments.Where(segment => segment.IsSimple).Select(segment => segment.Parts[0]).OfType<RoutePatternLiteralPart>().LastOrDefault()?.Content;
        return word is null ? null : texts.Culture.TextInfo.ToUpper(word[..1]) + word[1..].Replace('-', ' ');
    }

    private static bool IsCatchAll(RoutePattern route) => route.Parameters.Any(parameter => parameter.IsCatchAll);
}
