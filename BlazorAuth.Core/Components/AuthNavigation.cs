using BlazorAuth.Components;
using BlazorAuth.Http;
using BlazorAuth.Look;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace BlazorAuth;

/// <summary>
/// Signs people in and out from code, such as an event handler of an interactive component: <c>@inject AuthNavigation Auth</c>, then
/// <c>await Auth.SignInAsync("github")</c>. The browser leaves the page with a form post, because only an HTTP response can set a cookie, and comes
/// back to the same address. While a page is rendered on the server and code cannot reach the browser, the person is redirected to the page with the
/// button instead.
/// </summary>
public sealed class AuthNavigation
{
    private readonly NavigationManager _navigation;
    private readonly IJSRuntime _script;
    private readonly AuthAssets _assets;
    private readonly AuthFormToken _token;

    internal AuthNavigation(NavigationManager navigation, IJSRuntime script, AuthAssets assets, AuthFormToken token)
    {
        _navigation = navigation;
        _script = script;
        _assets = assets;
        _token = token;
    }

    /// <summary>Starts a sign-in.</summary>
    /// <param name="provider">The provider's ID, such as <c>github</c>. Default: none; the person chooses on the sign-in page.</param>
    /// <param name="returnUrl">Where the person goes afterwards: a path of the app, or an address on an allowed origin. Default: the page they are on, with query and fragment.</param>
    public Task SignInAsync(string? provider = null, string? returnUrl = null) => PostAsync(AuthPaths.SignIn(_navigation.PathBase(), provider), returnUrl);

    /// <summary>Signs out on this device.</summary>
    /// <param name="returnUrl">Where the person goes afterwards. Default: the page they are on.</param>
    public Task SignOutAsync(string? returnUrl = null) => PostAsync(AuthPaths.SignOut(_navigation.PathBase()), returnUrl);

    private async Task PostAsync(string action, string? returnUrl)
    {
        returnUrl = returnUrl is null ? null : AuthPaths.Below(_navigation.PathBase(), returnUrl);
        try
        {
            await using var module = await _script.InvokeAsync<IJSObjectReference>("import", _assets.Address(_navigation.PathBase(), AuthAssets.App));
            await module.InvokeVoidAsync("post", action, returnUrl, _token.Value);
        }
        catch (InvalidOperationException)
        {
            // During prerendering there is no browser to ask yet.
            _navigation.NavigateTo(PageAddresses.With(action, ("callbackUrl", returnUrl ?? _navigation.CurrentPage())), forceLoad: true);
        }
        catch (JSDisconnectedException)
        {
            // The browser has left the page, as intended.
        }
    }
}
