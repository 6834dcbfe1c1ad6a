using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.Tests.Flows;

/// <summary>The main job: in, see the session, out; and the old cookie is dead.</summary>
public sealed class SignInFlowTests
{
    public static TheoryData<string> Providers => ["google", "github", "oidc"];

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task APersonSignsInSeesTheSessionAndSignsOut(string provider)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();

        var end = await browser.SignInAsync(provider, callbackUrl: "/page?x=1");
        Assert.Equal(HttpStatusCode.OK, end.Status);
        Assert.Equal("/page?x=1", end.Address.PathAndQuery);
        Assert.Equal("Ada Lovelace", end.Text);

        var session = JsonDocument.Parse(await browser.SessionAsync()).RootElement;
        Assert.Equal(["user", "expires"], session.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["name", "email", "image"], session.GetProperty("user").EnumerateObject().Select(member => member.Name));
        Assert.Equal("ada@example.com", session.GetProperty("user").GetProperty("email").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", session.GetProperty("expires").GetString());

        var copied = browser.Cookies["authjs.session-token"];
        var signedOut = await browser.PostAsync("/api/auth/signout");
        Assert.Equal(HttpStatusCode.Found, signedOut.Status);
        Assert.Null(browser.Cookies["authjs.session-token"]);

        browser.Cookies["authjs.session-token"] = copied;
        Assert.Equal("null", await browser.SessionAsync());
        app.Logs.AssertHoldsNone(browser.Secrets);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task AnOldBrowserSignsInWithTheFormsToken(string provider)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        browser.SendsFetchHeaders = false;
        Assert.Equal("Grace Hopper", (await browser.SignInAsync(provider, "grace")).Text);
        Assert.Contains("You’re signed in as", (await browser.OpenAsync("/api/auth/signout")).Document.QuerySelector("p:not(.ba-brand)")!.TextContent, StringComparison.Ordinal);
        var signedOut = await browser.PressAsync(await browser.OpenAsync("/api/auth/signout?callbackUrl=/"));
        Assert.Contains("signed out", signedOut.Document.QuerySelector("h1")!.TextContent, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("null", await browser.SessionAsync());
    }

    [Theory]
    [InlineData(PushedAuthorizationBehavior.Require, true)]
    [InlineData(PushedAuthorizationBehavior.Disable, false)]
    public async Task OpenIdConnectWorksWithAndWithoutPushedRequests(PushedAuthorizationBehavior behavior, bool isPushed)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Services = services =>
            services.Configure<OpenIdConnectOptions>("oidc", options => options.PushedAuthorizationBehavior = behavior));
        using var browser = app.CreateBrowser();
        var picker = await browser.StartSignInAsync("oidc");
        Assert.Equal(isPushed, picker.Query("request_uri") is not null);
        Assert.Equal("Ada Lovelace", (await browser.ChooseAsync(picker)).Text);
        app.Logs.AssertHoldsNone(browser.Secrets);
    }

    [Theory]
    [InlineData("google")]
    [InlineData("github")]
    [InlineData("acme")]
    [InlineData("work")]
    public async Task EveryFlowCarriesStateAndPkce(string provider)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        var authorize = (await browser.StartSignInAsync(provider)).Location!;
        var asked = QueryHelpers.ParseQuery(authorize.Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        Assert.Equal("code", asked["response_type"]);
        Assert.Equal("S256", asked["code_challenge_method"]);
        Assert.Equal(43, asked["code_challenge"].Length);
        Assert.NotEmpty(asked["state"]);
        Assert.Equal(provider == "work", asked.ContainsKey("nonce"));
        Assert.Equal($"http://localhost/api/auth/callback/{provider}", asked["redirect_uri"]);
        Assert.DoesNotContain(asked.Keys, key => key.StartsWith("x-client", StringComparison.Ordinal));

        var end = await browser.ArriveAsync(fake.Answer(authorize));
        Assert.Equal("Ada Lovelace", end.Text);
        Assert.True(fake.TokenRequests.TryDequeue(out var exchange));
        Assert.Equal(FakeProvider.Code, exchange["code"]);
        Assert.Equal(asked["redirect_uri"], exchange["redirect_uri"]);
        Assert.Equal(asked["code_challenge"], Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlEncode(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(exchange["code_verifier"]))));
        app.Logs.AssertHoldsNone(browser.Secrets);
        app.Logs.AssertHoldsNone([FakeProvider.AccessToken, FakeProvider.RefreshToken, FakeProvider.ClientSecret, exchange["code_verifier"]]);
        Assert.DoesNotContain(browser.Cookies.All, cookie => cookie.Name.StartsWith(".AspNetCore.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TwoTabsSigningInAtOnceBothSucceed()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var first = await browser.StartSignInAsync("google", "/page?tab=1");
        var second = await browser.StartSignInAsync("google", "/page?tab=2");
        Assert.Equal("/page?tab=1", (await browser.ChooseAsync(first)).Address.PathAndQuery);
        var end = await browser.ChooseAsync(second);
        Assert.Equal(("/page?tab=2", "Ada Lovelace"), (end.Address.PathAndQuery, end.Text));
        Assert.Contains("ada@example.com", await browser.SessionAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SigningInAsSomebodyElseEndsTheFirstSession()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var first = browser.Cookies["authjs.session-token"];
        Assert.Equal("Grace Hopper", (await browser.SignInAsync("google", "grace")).Text);
        using var thief = app.CreateBrowser();
        thief.Cookies["authjs.session-token"] = first;
        Assert.Equal("null", await thief.SessionAsync());
    }
}
