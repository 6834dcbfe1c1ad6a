using System.Reflection;
using System.Security.Claims;
using BlazorAuth.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Circuits;

/// <summary>
/// Whether the person of a circuit may still be on its page. The platform asks about a page when it is loaded, and an interactive router about its own <c>[Authorize]</c>:
/// a page with a render mode of its own, or one that only the fallback policy protects, would work on for whoever was banned or demoted.
/// </summary>
internal sealed class PageGuard(
    SessionStateProvider state, NavigationManager navigation, PageEndpoints endpoints, IServiceScopeFactory scopes, ILogger<PageGuard> logger)
{
    // What a page draws when its session ends is acknowledged by the browser, as a press would be: nobody has pressed anything.
    private static readonly TimeSpan Drawing = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Task<bool>? _judging;
    private Task<AuthenticationState>? _judged;
    private string? _uri;
    private RouteEndpoint? _page;
    private bool _isAllowed = true;
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

    /// <summary>Looks at the page as soon as it is known who is signed in, and whenever that changes. Whatever fails, what is pressed is judged again.</summary>
    public async Task BeginAsync(Task opening)
    {
        try
        {
            await opening;
            await LookAsync();
        }
        catch (Exception exception)
        {
            // No code awaits this.
            logger.PolicyFailed(exception);
        }

        state.AuthenticationStateChanged += async _ =>
        {
            try
            {
                await LookAsync();
            }
            catch (Exception exception)
            {
                logger.PolicyFailed(exception);
            }
        };
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
            bool? known = page is null ? true : page == _page && ReferenceEquals(current, _judged) ? _isAllowed : null;
            var isAllowed = known ?? await IsAllowedAsync(page!, (await current).User);
            lock (_gate)
            {
                _isAllowed = isAllowed;
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
                    _judging = null;
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
            // A scope of its own: the page's components use what is in theirs (a DbContext) meanwhile.
            await using var scope = scopes.CreateAsyncScope();
            var services = scope.ServiceProvider;
            return await PolicyOfAsync(page, services.GetRequiredService<IAuthorizationPolicyProvider>()) is not { } policy
                || (await services.GetRequiredService<IAuthorizationService>().AuthorizeAsync(user, resource: null, policy)).Succeeded;
        }
        catch (Exception exception)
        {
            // A handler of the app's own, which may need a request.
            logger.PolicyFailed(exception);
            return false;
        }
    }

    private static async ValueTask<AuthorizationPolicy?> PolicyOfAsync(RouteEndpoint page, IAuthorizationPolicyProvider policies)
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

    /// <summary>Whether a router that is live would remove the page from whoever may not see it: all that the endpoint asks is written on the page.</summary>
    private static bool IsOfRouter(RouteEndpoint page) =>
        page.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type is { } type && type.GetCustomAttribute<RenderModeAttribute>() is null
        && type.GetCustomAttributes().OfType<IAuthorizeData>().Count() is > 0 and var own && own == page.Metadata.GetOrderedMetadata<IAuthorizeData>().Count
        && page.Metadata.GetMetadata<AuthorizationPolicy>() is null && page.Metadata.GetMetadata<IAuthorizationRequirementData>() is null;
}
