using System.Text.Json;
using Microsoft.AspNetCore.Http;
using BlazorAuth.Tests.Chromium;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.FrontEnd;

/// <summary>The small client that we serve, loaded from the app by a page on another origin.</summary>
[Needs(Needs.Browser)]
public sealed partial class OwnClientTests(RealBrowser browser)
{
    [Fact]
    public async Task ItSignsInUpdatesAndSignsOutAndTellsItsListeners()
    {
        await using var run = await ClientRun.StartAsync(browser, "v5", options => options.Callbacks.OnToken = context =>
        {
            if (context is { Trigger: TokenTrigger.Update, Data: { ValueKind: JsonValueKind.String } name })
            {
                context.Claims["name"] = name.GetString();
            }

            return ValueTask.FromResult(true);
        });
        var page = await OpenAsync(run);

        var refused = await page.EvaluateAsync<string>(
            "async () => JSON.stringify(await auth.signIn('password', { user: 'custom', password: 'x', redirect: false }))");
        var accepted = await SignInAsync(page, "ada");
        var updated = await page.EvaluateAsync<JsonElement>("() => auth.update('Ada Lovelace')");
        var read = await page.EvaluateAsync<JsonElement>("() => auth.getSession()");
        var providers = await page.EvaluateAsync<JsonElement>("() => auth.getProviders()");
        var signedOut = await page.EvaluateAsync<JsonElement>("() => auth.signOut({ redirect: false })");

        Assert.Equal("""{"ok":false,"error":"CredentialsSignin","code":"locked_out","status":200,"url":null}""", refused);
        Assert.True(accepted.GetProperty("ok").GetBoolean());
        Assert.Equal("Ada Lovelace", updated.GetProperty("user").GetProperty("name").GetString());
        Assert.Equal("Ada Lovelace", read.GetProperty("user").GetProperty("name").GetString());
        Assert.Equal("Password", providers.GetProperty("password").GetProperty("name").GetString(), ignoreCase: true);
        Assert.StartsWith(run.Site, signedOut.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Equal(["null", "Ada", "Ada Lovelace", "null"], await NamesAsync(page));
        run.ExpectQuietConsole();
    }

    [Fact]
    public async Task OtherTabsHearOfASignInAndASignOutNextAuthAmongThem()
    {
        await using var run = await ClientRun.StartAsync(browser, "v5");
        var own = await OpenAsync(run);
        var other = await OpenAsync(run);
        var nextAuth = await run.OpenAsync();
        await ClientRun.StatusAsync(nextAuth, "unauthenticated");

        await SignInAsync(own, "ada");
        await ClientRun.StatusAsync(nextAuth, "authenticated");
        await other.WaitForFunctionAsync("() => heard.at(-1) === 'Ada'");
        await nextAuth.EvaluateAsync("() => client.signOut({ redirect: false })");
        await own.WaitForFunctionAsync("() => heard.at(-1) === 'null'");
        await other.WaitForFunctionAsync("() => heard.at(-1) === 'null'");

        run.ExpectQuietConsole();
    }

    [Fact]
    public async Task AFailureIsNoSignOut()
    {
        var fails = false;
        await using var run = await ClientRun.StartAsync(browser, "v5", options => options.Callbacks.OnSession = _ =>
            fails ? throw new InvalidOperationException("broken") : ValueTask.CompletedTask);
        var page = await OpenAsync(run);
        await SignInAsync(page, "ada");

        fails = true;
        var failure = await page.EvaluateAsync<string>("() => auth.getSession().catch(error => `${error.name} ${error.status}`)");
        await page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))");

        Assert.Equal("AuthError 500", failure);
        Assert.Equal(["null", "Ada"], await NamesAsync(page));
        run.ExpectQuietConsole("status of 500");
    }

    [Fact]
    public async Task TooManyAttemptsAreAnAnswer()
    {
        await using var run = await ClientRun.StartAsync(browser, "v5", options => options.RateLimit.PermitLimit = 1);
        var page = await OpenAsync(run);
        await SignInAsync(page, "ada");

        var result = await SignInAsync(page, "ada");

        Assert.Equal(429, result.GetProperty("status").GetInt32());
        Assert.False(result.GetProperty("ok").GetBoolean());
        run.ExpectQuietConsole("status of 429");
    }

    [Fact]
    public async Task WithoutAProviderItGoesToOurPageAndWithRedirectItComesBack()
    {
        await using var run = await ClientRun.StartAsync(browser, "v5");
        var page = await OpenAsync(run);

        await ClientRun.LeaveAsync(page, "auth.signIn('password', { user: 'ada', password: 'ada', redirectTo: location.href + '#here' })");
        Assert.EndsWith("#here", page.Url, StringComparison.Ordinal);
        await page.WaitForFunctionAsync("() => heard?.at(-1) === 'Ada'");
        await ClientRun.LeaveAsync(page, "auth.signIn()");

        Assert.StartsWith(run.App.Auth + "/signin?callbackUrl=", page.Url, StringComparison.Ordinal);
        run.ExpectQuietConsole();
    }

    [Theory]
    [InlineData(SameSiteMode.Lax, false, true, false)]
    [InlineData(SameSiteMode.None, false, true, true)]
    [InlineData(SameSiteMode.None, false, false, false)]
    [InlineData(SameSiteMode.None, true, false, true)]
    public async Task OnAnotherSiteItNeedsCookiesForOtherSites(SameSiteMode sameSite, bool partitioned, bool thirdPartyCookies, bool signsIn)
    {
        // To a browser 127.0.0.1 and localhost are two sites.
        await using var run = await ClientRun.StartAsync(
            browser,
            "v5",
            options => (options.Cookies.SameSite, options.Cookies.Partitioned) = (sameSite, partitioned),
            host: "127.0.0.1",
            thirdPartyCookies: thirdPartyCookies);
        var page = await OpenAsync(run);

        await SignInAsync(page, "ada");
        var session = await page.EvaluateAsync<string>("async () => (await auth.getSession())?.user.name ?? 'nobody'");

        Assert.Equal(signsIn ? "Ada" : "nobody", session);
        run.ExpectQuietConsole();
    }

    private static Task<JsonElement> SignInAsync(IPage page, string user) => page.EvaluateAsync<JsonElement>(
        "user => auth.signIn('password', { user, password: user, redirect: false })", user);

    private static Task<string[]> NamesAsync(IPage page) => page.EvaluateAsync<string[]>("() => heard");

    private static async Task<IPage> OpenAsync(ClientRun run)
    {
        var page = await run.OpenAsync(path: "own");
        await page.WaitForFunctionAsync("() => window.heard?.length > 0");
        return page;
    }
}
