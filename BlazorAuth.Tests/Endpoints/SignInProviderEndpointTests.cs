using System.Net;
using BlazorAuth.Tests.Flows;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>GET signin/{provider}</c>: the page of one provider. <c>POST signin/{provider}</c>: starts a sign-in.</summary>
public sealed class SignInProviderEndpointTests(PlainApp plain) : IClassFixture<PlainApp>
{
    [Fact]
    public async Task AGetStartsNothing()
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        var page = await browser.GetAsync("/api/auth/signin/google?callbackUrl=/page");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain(page.SetCookies, cookie => cookie.Contains("Correlation", StringComparison.Ordinal));
        Assert.Equal("/api/auth/signin/google", page.Document.QuerySelector("form")!.GetAttribute("action"));

        await browser.SignInAsync("google");
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/auth/signout")).Status);
        Assert.Contains("Ada", await browser.SessionAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("google")]
    [InlineData("acme")]
    [InlineData("work")]
    public async Task AClientAddsHintsButNoProtocolParameters(string provider)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup => setup.Options = options =>
        {
            options.Providers.Scopes.Add("openid");
            options.Providers.Scopes.Add("more");
        });
        using var browser = app.CreateBrowser();
        var usual = QueryHelpers.ParseQuery((await browser.PostAsync($"/api/auth/signin/{provider}")).Location!.Query);
        var answer = await browser.PostAsync(
            $"/api/auth/signin/{provider}?prompt=login&login_hint=a%26b%40x&scope=openid%20more&client_id=evil&redirect_uri=https%3A%2F%2Fevil&state=evil&nonce=evil&response_type=token&code_challenge=evil&response_mode=form_post&foo=bar");
        var asked = QueryHelpers.ParseQuery(answer.Location!.Query);
        Assert.Equal("login", asked["prompt"]);
        Assert.Equal("a&b@x", asked["login_hint"]);
        Assert.Equal("openid more", asked["scope"]);
        foreach (var name in (string[])["client_id", "redirect_uri", "response_type", "response_mode"])
        {
            Assert.Equal(usual.GetValueOrDefault(name), asked.GetValueOrDefault(name));
        }

        Assert.DoesNotContain("evil", answer.Location.Query, StringComparison.Ordinal);
        Assert.DoesNotContain("foo", asked.Keys);
        await browser.ArriveAsync(fake.Answer(answer.Location));
        Assert.Equal("Ada Lovelace", (await browser.OpenAsync("/page")).Text);
    }

    [Theory]
    [InlineData("google", "select_account")]
    [InlineData("oidc", "login")]
    public async Task AClientCannotAskTheProviderNotToAsk(string provider, string prompt)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Providers = builder => builder.AddGoogle().AddOpenIdConnect(
            "oidc", "Example Corp", oidc => oidc.PushedAuthorizationBehavior = PushedAuthorizationBehavior.Disable));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync(provider);

        var sent = await browser.PostAsync($"/api/auth/signin/{provider}?fresh=true&prompt=none&max_age=99999");

        var query = QueryHelpers.ParseQuery(sent.Location!.Query);
        Assert.Equal(prompt, query["prompt"]);
        Assert.Equal(provider == "oidc" ? "0" : null, query.TryGetValue("max_age", out var age) ? age.ToString() : null);
    }

    [Fact]
    public async Task ARequireFreshFormOfACredentialsSessionAsksForThem()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Providers = builder => builder.AddCredentials(
            "password", _ => ValueTask.FromResult(CredentialsResult.Refuse())));
        using var browser = app.CreateBrowser();

        var asked = await browser.PostAsync("/api/auth/signin/password?fresh=true", [KeyValuePair.Create("callbackUrl", "/page")]);

        Assert.Equal("/api/auth/signin/password?fresh=true&callbackUrl=http%3A%2F%2Flocalhost%2Fpage", asked.Location!.PathAndQuery);
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("500")]
    [InlineData("html")]
    [InlineData("timeout")]
    public async Task AProviderThatIsDownAtTheStartIsNamed(string fault)
    {
        var fake = new FakeProvider();
        fake.Faults["/.well-known/openid-configuration"] = FailedSignIn.Fault(fault);
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        var page = await browser.StartSignInAsync("work", FailedSignIn.Destination);
        await FailedSignIn.AssertAsync(
            app, browser, page, "work", fault == "html" ? 400 : 503, "/api/auth/error", "Configuration", fault == "html" ? "Sign-in didn’t work" : "isn’t responding");

        var url = (await browser.FetchAsync(HttpMethod.Post, "/api/auth/signin/work", null, ("X-Auth-Return-Redirect", "1"))).Url;
        Assert.StartsWith("http://localhost/api/auth/error?error=Configuration", url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openid", "Your account ID")]
    [InlineData("openid email", "Your account ID|Your email address")]
    [InlineData("openid profile email", "Your name and picture|Your email address")]
    [InlineData("openid profile offline_access calendar.read", "Your name and picture|Also requested: calendar.read, offline_access")]
    public async Task AnOpenIdProviderIsAskedForWhatItsScopesSay(string scopes, string shares)
    {
        await using var app = await StartAsync(builder => builder.AddOpenIdConnect("work", "Example Corp", options =>
        {
            new FakeProvider().UseFor(options);
            options.Scope.Clear();
            foreach (var scope in scopes.Split(' '))
            {
                options.Scope.Add(scope);
            }
        }));
        Assert.Equal(shares, await SharesAsync(app, "work"));
    }

    [Theory]
    [InlineData("", "Your name and picture")]
    [InlineData("user:email", "Your name and picture|Your email address")]
    [InlineData("read:user user:email repo", "Your name and picture|Your email address|Also requested: repo")]
    public async Task AnOAuthProviderShowsThePublicProfileInAnyCase(string scopes, string shares)
    {
        await using var app = await StartAsync(builder => builder.AddOAuth("acme", "Acme", options =>
        {
            new FakeProvider().UseForPlainOAuth(options);
            foreach (var scope in scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                options.Scope.Add(scope);
            }
        }));
        Assert.Equal(shares, await SharesAsync(app, "acme"));
    }

    [Fact]
    public async Task AnotherWayToSignInLeadsToTheSamePlace()
    {
        await using var app = await StartAsync(builder => builder.AddGoogle().AddGitHub());
        using var browser = app.CreateBrowser();
        var page = await browser.OpenAsync("/api/auth/signin/github?callbackUrl=%2Fpage%3Fa%3D1");
        Assert.Equal("Sign in with GitHub", page.Document.QuerySelector("h1")!.TextContent);
        var link = page.Document.QuerySelectorAll("main a").Single(link => link.TextContent == "Use another way to sign in");
        var other = await browser.OpenAsync(link.GetAttribute("href")!);
        Assert.Equal("/api/auth/signin", other.Address.AbsolutePath);
        Assert.All(other.Document.QuerySelectorAll("form"), form =>
            Assert.Equal(new Uri(app.Address, "/page?a=1").AbsoluteUri, form.QuerySelector("input[name=callbackUrl]")!.GetAttribute("value")));
        Assert.Equal(["Google", "GitHub", "OpenID Connect"], other.Document.QuerySelectorAll(".ba-providers button").Select(button => button.TextContent.Trim().Split(" with ")[^1]));
    }

    [Theory]
    [InlineData(false, "/api/auth/signin/github", 0)]
    [InlineData(true, "/api/auth/signin/github", 1)]
    [InlineData(true, "/api/auth/signin/github?fresh=true", 0)]
    [InlineData(true, "/api/auth/signin", 0)]
    [InlineData(true, "/api/auth/signin?error=OAuthCallbackError&provider=github", 0)]
    public async Task NothingGoesOnByItselfUnlessItIsTurnedOn(bool isOn, string address, int expected)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth => auth.Pages.AutoContinue = isOn);
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        Assert.Equal(expected, (await browser.OpenAsync(address)).Document.QuerySelectorAll("[data-ba-auto]").Length);
    }

    private static Task<AuthApp> StartAsync(Action<AuthenticationBuilder> providers) => AuthApp.StartAsync(setup => setup.Providers = providers);

    private static async Task<string> SharesAsync(AuthApp app, string provider)
    {
        using var browser = app.CreateBrowser();
        var page = await browser.OpenAsync("/api/auth/signin/" + provider);
        return string.Join('|', page.Document.QuerySelectorAll(".ba-note li").Select(share => share.TextContent));
    }
}
