using System.Text.Json;
using BlazorAuth.StandIns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.FrontEnd;

/// <summary>Signing in: by password and at a provider, with a redirect and without, and refused.</summary>
public sealed partial class NextAuthClientTests
{
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
}
