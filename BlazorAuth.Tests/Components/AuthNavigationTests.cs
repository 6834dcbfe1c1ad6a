using BlazorAuth.Pages;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;

namespace BlazorAuth.Tests.Components;

/// <summary>Signing in and out from code. That the browser then posts a form is tested in Chromium.</summary>
public sealed class AuthNavigationTests : BunitContext
{
    private BunitNavigationManager Navigation => (BunitNavigationManager)Services.GetRequiredService<NavigationManager>();

    [Fact]
    public async Task TheBrowserIsAskedToPostToTheProviderAndWithTheToken()
    {
        var post = JSInterop.SetupModule(call => call.Arguments[0] is string address && address.StartsWith("/api/auth/assets/app.js?v=", StringComparison.Ordinal))
            .SetupVoid("post", _ => true).SetVoidResult();
        var auth = Create(JSInterop.JSRuntime);

        await auth.SignInAsync("my idp", "/notes");
        await auth.SignInAsync();
        await auth.SignOutAsync("/bye");

        Assert.Equal(
            [["/api/auth/signin/my%20idp", "/notes", "the-token"], ["/api/auth/signin", null, "the-token"], ["/api/auth/signout", "/bye", "the-token"]],
            post.Invocations.Select(call => call.Arguments.ToArray()));
        Assert.Empty(Navigation.History);
    }

    [Fact]
    public async Task WhereThereIsNoBrowserToAskYetThePersonGetsThePageWithTheButton()
    {
        var auth = Create(new NoBrowser(new InvalidOperationException("JavaScript cannot be called while a page is rendered on the server.")));
        Navigation.NavigateTo("notes?x=1");

        await auth.SignInAsync("github");
        await auth.SignOutAsync("/bye");

        Assert.Equal(
            [("/api/auth/signout?callbackUrl=%2Fbye", true), ("/api/auth/signin/github?callbackUrl=%2Fnotes%3Fx%3D1", true)],
            Navigation.History.Take(2).Select(entry => (entry.Uri, entry.Options.ForceLoad)));
    }

    [Fact]
    public async Task WhoHasLeftThePageIsSentNowhereElse()
    {
        await Create(new NoBrowser(new JSDisconnectedException("The circuit is gone."))).SignInAsync("github");
        Assert.Empty(Navigation.History);
    }

    private AuthNavigation Create(IJSRuntime browser) =>
        new(Navigation, browser, new AuthAssets(new AuthTheme(Options.Create(new AuthOptions()))), new AuthFormToken { Value = "the-token" });

    private sealed class NoBrowser(Exception answer) : IJSRuntime
    {
        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => throw answer;

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => throw answer;
    }
}
