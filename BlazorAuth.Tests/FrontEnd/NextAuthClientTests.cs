using System.Text.Json;
using System.Text.Json.Nodes;
using BlazorAuth.StandIns;
using Microsoft.Extensions.DependencyInjection;
using BlazorAuth.Tests.Chromium;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.FrontEnd;

/// <summary>The unmodified React clients of next-auth 5 and 4, in a browser, on another origin than the app (<c>docs/contract/endpoints.md</c> §11).</summary>
[Needs(Needs.Browser)]
public sealed partial class NextAuthClientTests(RealBrowser browser)
{
    public static TheoryData<string> Versions => ["v5", "v4"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task UseSessionGoesFromLoadingToSignedOutToSignedInAndBack(string version)
    {
        await using var run = await ClientRun.StartAsync(browser, version);
        var page = await run.OpenAsync();
        await ClientRun.StatusAsync(page, "unauthenticated");
        Assert.Equal("null", await page.InnerTextAsync("#session"));

        var result = await ClientRun.SignInAsync(page);
        await ClientRun.StatusAsync(page, "authenticated");
        var session = JsonNode.Parse(await page.InnerTextAsync("#session"))!;
        var signedOut = await page.EvaluateAsync<JsonElement>("() => client.signOut({ redirect: false })");
        await ClientRun.StatusAsync(page, "unauthenticated");

        Assert.True(result.GetProperty("ok").GetBoolean());
        Assert.Equal(200, result.GetProperty("status").GetInt32());
        Assert.StartsWith(run.Site, result.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Equal("ada@example.com", (string?)session["user"]!["email"]);
        Assert.StartsWith(run.Site, signedOut.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Equal(["loading", "unauthenticated", "authenticated", "unauthenticated"], await page.EvaluateAsync<string[]>("() => statuses"));
        run.ExpectQuietConsole();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task TheHelpersAnswerWhatTheySay(string version)
    {
        await using var run = await ClientRun.StartAsync(browser, version);
        var page = await run.OpenSignedInAsync();

        var session = await page.EvaluateAsync<JsonElement>("() => client.getSession()");
        var token = await page.EvaluateAsync<string>("() => client.getCsrfToken()");
        var providers = await page.EvaluateAsync<JsonElement>("() => client.getProviders()");

        Assert.Equal("Ada", session.GetProperty("user").GetProperty("name").GetString());
        Assert.Matches("^[0-9a-f]{64}$", token);
        Assert.Equal("credentials", providers.GetProperty("password").GetProperty("type").GetString());
        run.ExpectQuietConsole();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task UpdateReadsAndWritesTheSession(string version)
    {
        await using var run = await ClientRun.StartAsync(browser, version, options =>
        {
            options.Callbacks.OnToken = context =>
            {
                if (context.Trigger == TokenTrigger.Update && context.Data is { ValueKind: JsonValueKind.Object } data)
                {
                    context.Claims["name"] = data.GetProperty("name").GetString();
                }

                return ValueTask.FromResult(true);
            };
        });
        var page = await run.OpenSignedInAsync();

        var unchanged = await page.EvaluateAsync<JsonElement>("() => update()");
        var changed = await page.EvaluateAsync<JsonElement>("() => update({ name: 'Ada Lovelace' })");

        Assert.Equal("Ada", unchanged.GetProperty("user").GetProperty("name").GetString());
        Assert.Equal("Ada Lovelace", changed.GetProperty("user").GetProperty("name").GetString());
        await Assertions.Expect(page.Locator("#session")).ToContainTextAsync("Ada Lovelace");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#session")).ToContainTextAsync("Ada Lovelace");
        run.ExpectQuietConsole();
    }

    [Theory]
    [InlineData("v5", "", "{app}/signin?error=SessionRequired&callbackUrl=")]
    [InlineData("v4", "", "{site}/api/auth/signin?error=SessionRequired&callbackUrl=")]
    [InlineData("v5", "&own", "{app}/signin?callbackUrl=")]
    [InlineData("v4", "&own", "{app}/signin?callbackUrl=")]
    public async Task ARequiredSessionLeadsToASignInPage(string version, string own, string address)
    {
        await using var run = await ClientRun.StartAsync(browser, version);
        var expected = address.Replace("{app}", run.App.Auth, StringComparison.Ordinal).Replace("{site}", run.Site, StringComparison.Ordinal);

        var page = await run.OpenAsync("&required" + own);
        await page.WaitForURLAsync(url => url.StartsWith(expected, StringComparison.Ordinal));

        Assert.DoesNotContain("unauthenticated", await page.ContentAsync(), StringComparison.Ordinal);
        run.ExpectQuietConsole();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task TwoTabsSignInAndOutTogether(string version)
    {
        await using var run = await ClientRun.StartAsync(browser, version);
        var one = await run.OpenAsync();
        var two = await run.OpenAsync();
        await ClientRun.StatusAsync(one, "unauthenticated");
        await ClientRun.StatusAsync(two, "unauthenticated");

        // next-auth 4 stamps its messages with seconds, and a message that equals the last one is no news to the browser.
        await one.WaitForFunctionAsync("second => Math.floor(Date.now() / 1000) > second", await one.EvaluateAsync<int>("() => Math.floor(Date.now() / 1000)"));

        // With a redirect the new page announces the session; without one next-auth tells no other tab.
        await ClientRun.LeaveAsync(one, "client.signIn('password', { user: 'ada', password: 'ada' })");
        await ClientRun.StatusAsync(one, "authenticated");
        await ClientRun.StatusAsync(two, "authenticated");
        await two.EvaluateAsync("() => client.signOut({ redirect: false })");
        await ClientRun.StatusAsync(two, "unauthenticated");
        await ClientRun.StatusAsync(one, "unauthenticated");

        run.ExpectQuietConsole();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task ASessionOfSeveralCookiesWorksLikeAnyOther(string version)
    {
        await using var run = await ClientRun.StartAsync(browser, version, options =>
        {
            options.Callbacks.OnToken = context =>
            {
                context.Claims["notes"] = new string('n', 9000);
                return ValueTask.FromResult(true);
            };
            options.Callbacks.OnSession = context =>
            {
                context.Body["size"] = context.Session.Claims["notes"].GetString()!.Length;
                return ValueTask.CompletedTask;
            };
        });
        var page = await run.OpenSignedInAsync();

        await Assertions.Expect(page.Locator("#session")).ToContainTextAsync("9000");
        var cookies = await page.Context.CookiesAsync();
        Assert.Equal(
            ["authjs.session-token.0", "authjs.session-token.1", "authjs.session-token.2", "authjs.session-token.3"],
            cookies.Select(cookie => cookie.Name).Where(name => name.Contains("session-token", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        await page.EvaluateAsync("() => client.signOut({ redirect: false })");
        await ClientRun.StatusAsync(page, "unauthenticated");
        Assert.DoesNotContain(await page.Context.CookiesAsync(), cookie => cookie.Name.Contains("session", StringComparison.Ordinal));
        run.ExpectQuietConsole();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task ARevokedSessionIsNoticed(string version)
    {
        await using var run = await ClientRun.StartAsync(browser, version);
        var page = await run.OpenAsync("&poll");
        await ClientRun.StatusAsync(page, "unauthenticated");
        await ClientRun.SignInAsync(page);
        await ClientRun.StatusAsync(page, "authenticated");

        Assert.Equal(1, await run.App.Sessions.RevokeUserAsync("u-ada", TestContext.Current.CancellationToken));

        await ClientRun.StatusAsync(page, "unauthenticated");
        run.ExpectQuietConsole();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task AnOriginThatIsNotAllowedSeesNothing(string version)
    {
        await using var run = await ClientRun.StartAsync(browser, version, options => options.AllowedOrigins.Add("https://app.example.com"));
        var page = await run.OpenAsync();
        await ClientRun.StatusAsync(page, "unauthenticated");

        Assert.Contains(run.Errors, text => text.Contains("CORS policy", StringComparison.Ordinal));
        Assert.Empty(await page.Context.CookiesAsync());
    }
}
