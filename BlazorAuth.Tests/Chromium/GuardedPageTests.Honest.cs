using BlazorAuth.Tests.Chromium.Anywhere;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <content>Nobody else is kept from anything.</content>
public sealed partial class GuardedPageTests
{
    // As the template without --all-interactive: Routes with a static SessionOverlay, a page with its own render mode. Docs: "Either way, the page is covered as it stands."
    [Fact]
    public async Task UnderAStaticCoverThePageStaysAsItStands()
    {
        await using var app = await StartAsync("island with our script", everywhere: false);
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await OpenAsync(person, "/anywhere/guarded");
        await page.Locator("#note").FillAsync("half a letter");
        var other = await person.OpenTabAsync("/api/auth/signout");
        await other.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).First.ClickAsync();
        await Task.Delay(5000, Token);
        Assert.Equal("/anywhere/guarded", new Uri(page.Url).AbsolutePath);
        Assert.Equal("half a letter", await page.Locator("#note").InputValueAsync());
    }

    // A live router that says "Not authorized" (the platform's own text), and a visitor who goes back by a link.
    [Fact]
    public async Task AVisitorWhoWasRefusedByARouterGoesOnElsewhere()
    {
        await using var app = await StartAsync("global", everywhere: false);
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await person.OpenTabAsync("/anywhere/shop");
        await person.PressAsync(page, "Press");
        await Assertions.Expect(page.Locator("#presses")).ToHaveTextAsync("1");
        await page.EvaluateAsync("document.body.insertAdjacentHTML('beforeend', '<a id=back href=/anywhere/shop>Back</a>')");
        await page.GetByText("Members only").ClickAsync();
        await Assertions.Expect(page.GetByText("Not authorized")).ToBeVisibleAsync();
        await page.Locator("#back").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Shop", new() { Timeout = 4000 });
    }

    // Per-page islands and enhanced navigation; the app has a sign-in page of its own.
    [Fact]
    public async Task AVisitorWhoIsSentToTheAppsOwnSignInPageHasLiveIslands()
    {
        await using var app = await StartAsync("island", everywhere: false, auth => auth.Pages.SignIn = "/anywhere/login");
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await person.OpenTabAsync("/anywhere/shop");
        await person.PressAsync(page, "Press");
        await Assertions.Expect(page.Locator("#presses")).ToHaveTextAsync("1");
        await page.GetByText("Members only").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Login");
        await page.GetByText("Back to the shop").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Shop");
        await Task.Delay(1000, Token);
        await page.Locator("#press").ClickAsync();
        await Assertions.Expect(page.Locator("#presses")).ToHaveTextAsync("2", new() { Timeout = 4000 });
    }

    // The app lets its router say who may not see a page (a result handler that goes on), as is usual to show <NotAuthorized>.
    [Fact]
    public async Task NobodyIsSentInCirclesWhereTheRouterSaysNo()
    {
        await using var app = await StartAsync("global", everywhere: false, more: services => services.AddSingleton<IAuthorizationMiddlewareResultHandler, GoesOn>());
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await person.SignInAsync("/anywhere/shop");
        await person.PressAsync(page, "Press");
        await page.WaitForLoadStateAsync(LoadState.Load);
        var loads = 0;
        page.Load += (_, _) => loads++;
        await page.GotoAsync("/anywhere/members");
        await Task.Delay(6000, Token);
        Assert.Equal(1, loads);
    }

    private sealed class GoesOn : IAuthorizationMiddlewareResultHandler
    {
        public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) => next(context);
    }
}
