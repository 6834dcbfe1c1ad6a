using System.Reflection;
using System.Security.Claims;
using BlazorAuth.Http;
using Microsoft.AspNetCore.Authorization;
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
    // What a page draws when its session ends is acknowledged by the browser: nobody has pressed anything.
    private static readonly TimeSpan Drawing = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Task<bool>? _judging;
    private Task<AuthenticationState>? _judged;
    private string? _uri;
    private RouteEndpoint? _page;
    private bool _wasAllowed;
    private bool _mayAct = true;
    private long _forbiddenAt;

    /// <summary>Whether what the browser sends counts.</summary>
    public ValueTask<bool> MayActAsync()
    {
        lock (_gate)
        {
            if (IsJudged(navigation.Uri, state.Current))
            {
                return new(_mayAct);
            }

            // Not under the lock: it asks the app.
            return new(_judging is { IsCompleted: false } ? _judging : _judging = Task.Run(JudgeAsync));
        }
    }

    /// <summary>
    /// Takes note that the circuit begins, or that its session ended or changed: a page that is not for its visitor any more is loaded again. One whose session has ended is
    /// covered, and only loaded again when something is pressed there; a router that is live shows its own pages anew by itself.
    /// </summary>
    public async Task LookAsync()
    {
        if (!await MayActAsync() && state.Ended is null && _page is { } page && !IsOfRouter(page))
        {
            Leave();
        }
    }

    /// <summary>Has the page loaded again: the server says then why it is not for its visitor.</summary>
    public void Leave()
    {
        if (state.Ended is null || TimeProvider.System.GetElapsedTime(Volatile.Read(ref _forbiddenAt)) > Drawing)
        {
            navigation.Refresh(forceReload: true);
        }
    }

    private bool IsJudged(string uri, Task<AuthenticationState>? current) => ReferenceEquals(_uri, uri) && ReferenceEquals(_judged, current);

    private async Task<bool> JudgeAsync()
    {
        while (true)
        {
            var (uri, current) = (navigation.Uri, state.Current!);
            var page = ReferenceEquals(uri, _uri) ? _page : Find(uri);
            var isAllowed = page is null || await IsAllowedAsync(page, (await current).User);
            lock (_gate)
            {
                _wasAllowed = isAllowed || (_wasAllowed && page == _page);

                // Whoever was never allowed here is not kept from anything: the page was drawn for them as it is, or the guard cannot judge it without a request.
                // With a live SessionEnded, its layout and the router are live, which removes its own pages: nothing that was typed is lost when their person is back.
                var mayAct = isAllowed || !_wasAllowed || (state.Covers > 0 && IsOfRouter(page!));
                if (_mayAct && !mayAct)
                {
                    Volatile.Write(ref _forbiddenAt, TimeProvider.System.GetTimestamp());
                }

                (_uri, _judged, _page, _mayAct) = (uri, current, page, mayAct);
                if (IsJudged(navigation.Uri, state.Current))
                {
                    return mayAct;
                }
            }
        }
    }

    private RouteEndpoint? Find(string uri) =>
        uri.StartsWith(navigation.BaseUri, StringComparison.Ordinal) && !uri.Contains("%00", StringComparison.Ordinal)
            ? endpoints.Find(PathString.FromUriComponent("/" + navigation.ToBaseRelativePath(uri).Split('?', '#')[0]).Value!, _ => true, trustsConstraints: true)
            : null;

    private async Task<bool> IsAllowedAsync(RouteEndpoint page, ClaimsPrincipal user)
    {
        try
        {
            return await PolicyOfAsync(page) is not { } policy || (await authorization.AuthorizeAsync(user, resource: null, policy)).Succeeded;
        }
        catch (Exception exception)
        {
            // A handler of the app's own, which may need a request.
            logger.PolicyFailed(exception);
            return false;
        }
    }

    private async ValueTask<AuthorizationPolicy?> PolicyOfAsync(RouteEndpoint page)
    {
        if (page.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return null;
        }

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
