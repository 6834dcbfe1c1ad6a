using System.Text.Json.Nodes;
using BlazorAuth.Tests.Chromium.Anywhere;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>An open page that its person may not see any more: what is pressed there does nothing.</summary>
[Needs(Needs.Browser)]
public sealed partial class GuardedPageTests(RealBrowser browser)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("demoted", "/api/auth/error")]
    [InlineData("banned", "/api/auth/signin")]
    [InlineData("signed out everywhere", "/api/auth/signin")]
    public async Task OnAPageWithARenderModeOfItsOwn(string what, string leadsTo)
    {
        await using var app = await StartAsync("island", everywhere: false);
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await OpenAsync(person, "/anywhere/guarded");

        await DoAsync(app, what);
        await PressUntilItIsGoneAsync(page);

        Assert.Equal(leadsTo, new Uri(page.Url).AbsolutePath);
        Assert.Equal(1, app.Services.GetRequiredService<AnywherePresses>().Count);
    }

    [Theory]
    [InlineData("Delete a user")]
    [InlineData("The next order")]
    public async Task WhereASignInIsRequiredEverywhere(string pressed)
    {
        await using var app = await StartAsync("global", everywhere: true);
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await OpenAsync(person, "/anywhere/unmarked");

        await DoAsync(app, "banned");
        await PressUntilItIsGoneAsync(page, pressed);

        Assert.Equal("/api/auth/signin", new Uri(page.Url).AbsolutePath);
        Assert.Equal(1, app.Services.GetRequiredService<AnywherePresses>().Count);
    }

    private static async Task<IPage> OpenAsync(Person person, string path)
    {
        var page = await person.SignInAsync(path);
        await person.PressAsync(page, "Delete a user");
        await Assertions.Expect(page.Locator("#presses")).ToHaveTextAsync("1");
        return page;
    }

    private static async Task PressUntilItIsGoneAsync(IPage page, string pressed = "Delete a user") => await page.WaitForFunctionAsync(
        """
        pressed => {
            if (location.pathname.startsWith("/api/auth/")) {
                return true;
            }
            [...document.querySelectorAll("button, a")].find(element => element.textContent === pressed)?.click();
            return false;
        }
        """, pressed, new() { PollingInterval = 100, Timeout = 20_000 });

    private static async Task DoAsync(AuthApp app, string what)
    {
        var users = app.Services.GetRequiredService<AccountManager>();
        var user = Assert.Single(await users.SearchAsync("", cancellationToken: Token));
        switch (what)
        {
            case "demoted":
                await app.Sessions.UpdateUserClaimsAsync(user.Id, claims => claims["roles"] = new JsonArray("reader"), Token);
                break;
            case "banned":
                await users.BanAsync(user.Id, DateTimeOffset.MaxValue, cancellationToken: Token);
                break;
            default:
                await app.Sessions.RevokeUserAsync(user.Id, RevocationReason.SignedOut, Token);
                break;
        }
    }

    private static Task<AuthApp> StartAsync(string mode, bool everywhere, Action<AuthOptions>? configure = null, Action<IServiceCollection>? more = null) => AuthApp.StartAsync(setup =>
    {
        setup.Kestrel = true;
        setup.Options = auth =>
        {
            configure?.Invoke(auth);
            auth.Callbacks.OnToken = context =>
            {
                if (context.Trigger == TokenTrigger.SignIn)
                {
                    context.Claims["roles"] = new JsonArray("admin");
                }

                return ValueTask.FromResult(true);
            };
        };
        setup.Services = services =>
        {
            more?.Invoke(services);
            services.AddSingleton<AnywherePresses>().AddSingleton(AnywhereMode.Of(mode)).AddRazorComponents().AddInteractiveServerComponents();
            if (everywhere)
            {
                services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
            }
        };
        setup.Settings[WebHostDefaults.StaticWebAssetsKey] = Path.Combine(AppContext.BaseDirectory, "BlazorAuth.App.staticwebassets.runtime.json");
        setup.Map = app =>
        {
            StaticWebAssetsLoader.UseStaticWebAssets(app.Environment, app.Configuration);
            app.MapStaticAssets(Path.Combine(AppContext.BaseDirectory, "BlazorAuth.App.staticwebassets.endpoints.json")).AllowAnonymous();
            app.UseAntiforgery();
            app.MapRazorComponents<AnywhereApp>().AddInteractiveServerRenderMode();
        };
    });
}
