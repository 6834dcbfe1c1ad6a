using System.Reflection;
using System.Security.Claims;
using BlazorAuth.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Circuits;

/// <summary>
/// Whether the person of a circuit may still be on its page. The platform asks about a page when it is loaded, and an interactive router about its own <c>[Authorize]</c>:
/// a page with a render mode of its own, or one that only the fallback policy protects, would work on for whoever was banned or demoted.
/// </summary>
internal sealed class PageGuard(
    SessionStateProvider state, NavigationManager navigation, PageEndpoints endpoints, IAuthorizationService authorization, IAuthorizationPolicyProvider policies,
    ILogger<PageGuard> logger)
{
    private readonly Lock _gate = new();

    // All that the circuit was on: what was drawn there may still be live, whatever address a client reports since.
    private RouteEndpoint[] _pages = [];
    private Task<AuthenticationState>? _judged;
    private ClaimsPrincipal? _allowed;
    private string? _uri;
    private bool _mayAct = true;
    private bool _hasWarned;

    /// <summary>Whether the page that was judged last is still the circuit's.</summary>
    public bool IsWhereItWas => ReferenceEquals(_uri, navigation.Uri);

    public ValueTask<bool> MayActAsync() => IsWhereItWas && ReferenceEquals(_judged, state.Current) ? new(_mayAct) : JudgeAsync();

    /// <summary>Has the page of someone who lost their rights, but not their session, loaded again. A router that is live shows its own pages anew by itself.</summary>
    public async Task LeaveIfForbiddenAsync()
    {
        try
        {
            if (state.Ended is null && !await MayActAsync() && !Array.TrueForAll(_pages, IsOfRouter))
            {
                Leave();
            }
        }
        catch (Exception exception)
        {
            // No code awaits this. What is pressed there is judged again.
            logger.PageNotJudged(exception, navigation.ToBaseRelativePath(navigation.Uri).Split('?', '#')[0]);
        }
    }

    /// <summary>Has the page loaded again: the server says then why it is not for its visitor.</summary>
    public void Leave()
    {
        if (state.OwnerId is not null)
        {
            navigation.Refresh(forceReload: true);
        }
        else if (!_hasWarned)
        {
            // Nobody was ever signed in here, so loading it again might change nothing, again and again.
            _hasWarned = true;
            logger.PageOfNobody();
        }
    }

    private async ValueTask<bool> JudgeAsync()
    {
        while (true)
        {
            var (current, uri) = (state.Current!, navigation.Uri);
            var pages = Enter(uri);
            var user = pages.Length == 0 ? null : (await current).User;
            var mayAct = user is null || await MayBeOnAsync(user, pages);
            lock (_gate)
            {
                (_judged, _uri, _mayAct) = (current, uri, mayAct);
                _allowed = mayAct ? user ?? _allowed : _allowed;
            }

            if (ReferenceEquals(current, state.Current))
            {
                return mayAct;
            }
        }
    }

    /// <summary>Takes note of the page at an address, if not everybody may see it.</summary>
    private RouteEndpoint[] Enter(string uri)
    {
        var page = uri.StartsWith(navigation.BaseUri, StringComparison.Ordinal)
            ? endpoints.Find(PathString.FromUriComponent("/" + navigation.ToBaseRelativePath(uri).Split('?', '#')[0]).Value!, _ => true, trustsConstraints: true)
            : null;
        lock (_gate)
        {
            return page is null || page.Metadata.GetMetadata<IAllowAnonymous>() is not null || _pages.Contains(page) ? _pages : _pages = [.. _pages, page];
        }
    }

    private async Task<bool> MayBeOnAsync(ClaimsPrincipal user, RouteEndpoint[] pages)
    {
        foreach (var page in pages)
        {
            // SessionEnded in a live layout says so, and goes on where it was when its person is back. The router has removed its page until then.
            if (!(state is { Ended: not null, Covers: > 0 } && IsOfRouter(page)) && await PolicyOfAsync(page) is { } policy && !await IsMetAsync(policy, user))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Whether a policy allows a user. A handler of the app's own may need the request, which a circuit does not have: its no counts only where it said yes before.
    /// </summary>
    private async Task<bool> IsMetAsync(AuthorizationPolicy policy, ClaimsPrincipal user)
    {
        var isJudged = policy.AuthenticationSchemes.Count == 0 && !await MeetsAsync(policy.Requirements.Where(IsOfUserAlone), user);
        return (!isJudged && (_allowed is null || _allowed == user)) || await AllowsAsync(policy, user) || (!isJudged && !await AllowsAsync(policy, _allowed!));
    }

    private static bool IsOfUserAlone(IAuthorizationRequirement requirement) =>
        requirement is DenyAnonymousAuthorizationRequirement or RolesAuthorizationRequirement or ClaimsAuthorizationRequirement or NameAuthorizationRequirement;

    private static async Task<bool> MeetsAsync(IEnumerable<IAuthorizationRequirement> requirements, ClaimsPrincipal user)
    {
        var context = new AuthorizationHandlerContext(requirements, user, resource: null);
        foreach (var requirement in context.Requirements.OfType<IAuthorizationHandler>())
        {
            await requirement.HandleAsync(context);
        }

        return !context.PendingRequirements.Any();
    }

    private async Task<bool> AllowsAsync(AuthorizationPolicy policy, ClaimsPrincipal user)
    {
        try
        {
            return (await authorization.AuthorizeAsync(user, resource: null, policy)).Succeeded;
        }
        catch (Exception exception) when (exception is not SessionStoreException)
        {
            logger.PolicyFailed(exception);
            return false;
        }
    }

    private async ValueTask<AuthorizationPolicy?> PolicyOfAsync(RouteEndpoint page)
    {
        var policy = await AuthorizationPolicy.CombineAsync(
            policies, page.Metadata.GetOrderedMetadata<IAuthorizeData>(), page.Metadata.GetOrderedMetadata<AuthorizationPolicy>());
        var requirements = page.Metadata.GetOrderedMetadata<IAuthorizationRequirementData>().SelectMany(data => data.GetRequirements()).ToArray();
        return requirements.Length == 0 ? policy
            : policy is null ? new AuthorizationPolicyBuilder().AddRequirements(requirements).Build()
            : new AuthorizationPolicyBuilder(policy).AddRequirements(requirements).Build();
    }

    /// <summary>Whether a router that is live would remove the page from whoever may not see it.</summary>
    private static bool IsOfRouter(RouteEndpoint page) =>
        page.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type is { } type && type.GetCustomAttribute<RenderModeAttribute>() is null
        && type.GetCustomAttributes().OfType<IAuthorizeData>().Any();
}
