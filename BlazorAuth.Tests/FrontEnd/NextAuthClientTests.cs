using System.Text.Json;
using System.Text.Json.Nodes;
using BlazorAuth.StandIns;
using Microsoft.Extensions.DependencyInjection;
using BlazorAuth.Tests.Chromium;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.FrontEnd;

/// <summary>The unmodified React clients of next-auth 5 and 4, in a browser, on another origin than the app (<c>docs/contract/endpoints.md</c> §11).</summary>
[Needs(Needs.Browser)]
public sealed class NextAuthClientTests(RealBrowser browser)
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
    [InlineData("v5", "eve", "CredentialsSignin", "credentials", 200, true)]
    [InlineData("v4", "eve", "CredentialsSignin", null, 401, false)]
    [InlineData("v5", "custom", "CredentialsSignin", "locked_out", 200, true)]
    [InlineData("v4", "custom", "CredentialsSignin", null, 401, false)]
    [InlineData("v5", "throws", "Configuration", null, 200, true)]
    [InlineData("v4", "throws", "Configuration", null, 401, false)]
    public async Task ARefusedSignInIsReportedAsEachClientExpects(string version, string user, string error, string? code, int status, bool ok)
    {
        await using var run = await ClientRun.StartAsync(browser, version);
        var page = await run.OpenAsync();
        await ClientRun.StatusAsync(page, "unauthenticated");

        var result = await ClientRun.SignInAsync(page, user);

        Assert.Equal(error, result.GetProperty("error").GetString());
        Assert.Equal(code, result.TryGetProperty("code", out var sent) ? sent.GetString() : null);
        Assert.Equal(status, result.GetProperty("status").GetInt32());
        Assert.Equal(ok, result.GetProperty("ok").GetBoolean());
        Assert.Equal(JsonValueKind.Null, result.GetProperty("url").ValueKind);
        await ClientRun.StatusAsync(page, "unauthenticated");
        run.ExpectQuietConsole("status of 401");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task TooManyAttemptsAreReportedNotThrown(string version)
    {
        await using var run = await ClientRun.StartAsync(browser, version, options => options.RateLimit.PermitLimit = 1);
        var page = await run.OpenSignedInAsync();

        var result = await ClientRun.SignInAsync(page, "eve");

        Assert.Equal(429, result.GetProperty("status").GetInt32());
        Assert.Equal("Configuration", result.GetProperty("error").GetString());
        await ClientRun.StatusAsync(page, "authenticated");
        run.ExpectQuietConsole("status of 429");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task SignInWithRedirectComesBackSignedIn(string version)
    {
        await using var run = await ClientRun.StartAsync(browser, version);
        var page = await run.OpenAsync();
        await ClientRun.StatusAsync(page, "unauthenticated");

        await ClientRun.LeaveAsync(page, "client.signIn('password', { user: 'ada', password: 'ada', callbackUrl: location.href + '&back=1' })");
        await ClientRun.StatusAsync(page, "authenticated");
        Assert.EndsWith("&back=1", page.Url, StringComparison.Ordinal);

        await ClientRun.LeaveAsync(page, "client.signOut()");
        await ClientRun.StatusAsync(page, "unauthenticated");
        Assert.StartsWith(run.Site, page.Url, StringComparison.Ordinal);
        run.ExpectQuietConsole();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task ARefusalWithRedirectEndsOnOurSignInPage(string version)
    {
        await using var run = await ClientRun.StartAsync(browser, version);
        var page = await run.OpenAsync();
        await ClientRun.StatusAsync(page, "unauthenticated");

        await ClientRun.LeaveAsync(page, "client.signIn('password', { user: 'eve', password: 'x' })");

        Assert.StartsWith(run.App.Auth + "/signin?error=CredentialsSignin", page.Url, StringComparison.Ordinal);
        await Assertions.Expect(page.Locator("[role=alert]")).ToBeVisibleAsync();
        run.ExpectQuietConsole("status of 401");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task SignInWithoutAProviderGoesThroughOurPageAndComesBack(string version)
    {
        await using var run = await ClientRun.StartAsync(browser, version);
        var page = await run.OpenAsync();
        await ClientRun.StatusAsync(page, "unauthenticated");
        foreach (var provider in (string[])["undefined", "'unknown'"])
        {
            await ClientRun.LeaveAsync(page, $"client.signIn({provider})");
            Assert.StartsWith(run.App.Auth + "/signin?callbackUrl=", page.Url, StringComparison.Ordinal);
            if (provider == "undefined")
            {
                await page.GoBackAsync();
                await ClientRun.StatusAsync(page, "unauthenticated");
            }
        }

        await page.FillAsync("input[name=user]", "ada");
        await page.FillAsync("input[name=password]", "ada");
        await page.ClickAsync("button:has-text('Sign in')");
        await ClientRun.StatusAsync(page, "authenticated");

        Assert.StartsWith(run.Site, page.Url, StringComparison.Ordinal);
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
    [InlineData("v5", "redirect: false")]
    [InlineData("v5", "")]
    [InlineData("v4", "")]
    public async Task SignInAtAProviderComesBackToTheFrontEnd(string version, string mode)
    {
        await using var run = await ClientRun.StartAsync(
            browser,
            version,
            configure: setup => (setup.StandIns, setup.Providers) = (true, builder => builder.AddPasswords().AddGoogle()));
        var page = await run.OpenAsync();
        await ClientRun.StatusAsync(page, "unauthenticated");

        if (mode.Length > 0)
        {
            var result = await page.EvaluateAsync<JsonElement>($"() => client.signIn('google', {{ {mode} }}, {{ login_hint: 'ada@example.com' }})");
            Assert.Equal(200, result.GetProperty("status").GetInt32());
            await page.GotoAsync(result.GetProperty("url").GetString()!);
        }
        else
        {
            await ClientRun.LeaveAsync(page, "client.signIn('google', {}, { login_hint: 'ada@example.com', redirect_uri: 'https://evil.example' })");
        }

        Assert.Matches("[?&]login_hint=ada(@|%40)example\\.com(&|$)", page.Url);
        Assert.DoesNotContain("evil", page.Url, StringComparison.Ordinal);
        await page.Locator("form button").First.ClickAsync();
        await ClientRun.StatusAsync(page, "authenticated");

        Assert.StartsWith(run.Site, page.Url, StringComparison.Ordinal);
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
