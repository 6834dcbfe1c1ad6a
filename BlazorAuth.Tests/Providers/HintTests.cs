using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.Tests.Providers;

/// <summary>What a client may hint to a provider, and what no client can take away from the app, the handler or a step-up.</summary>
public sealed class HintTests
{
    [Theory]
    [InlineData("work", "login_hint", "ada@example.com")]
    [InlineData("work", "organization", "org_2")]
    [InlineData("work", "kc_idp_hint", "saml")]
    [InlineData("work", "max_age", "3600")]
    [InlineData("acme", "hd", "example.org")]
    [InlineData("acme", "login", "ada")]
    [InlineData("acme", "connection", "a b&c")]
    [InlineData("acme", "tenant_hint", "t1")]
    public async Task AHintReachesTheProvider(string provider, string name, string value)
    {
        await using var app = await StartAsync(options => options.Providers.Hints.Add("tenant_hint"));
        Assert.Equal(value, (await AskAsync(app, provider, (name, value)))[name]);
    }

    [Theory]
    [InlineData("claims")]
    [InlineData("id_token_hint")]
    [InlineData("request_uri")]
    [InlineData("code_challenge_method")]
    [InlineData("audience")]
    [InlineData("tenant_hint")]
    public async Task AnythingElseDoesNot(string name)
    {
        await using var app = await StartAsync();
        foreach (var provider in (string[])["work", "acme"])
        {
            Assert.NotEqual("evil", (await AskAsync(app, provider, (name, "evil"))).GetValueOrDefault(name));
        }
    }

    [Fact]
    public async Task AHintNeverReplacesWhatTheAppSet()
    {
        await using var app = await StartAsync(oidc: options =>
        {
            options.Prompt = "consent";
            options.MaxAge = TimeSpan.FromMinutes(5);
            options.Events.OnRedirectToIdentityProvider = context =>
            {
                (context.ProtocolMessage.AcrValues, context.ProtocolMessage.Scope) = ("urn:mfa", "openid signing");
                return Task.CompletedTask;
            };
        });
        var asked = await AskAsync(app, "work", ("prompt", "none"), ("acr_values", "urn:none"), ("max_age", "999999"), ("scope", "openid email"), ("login_hint", "ada"));
        Assert.Equal(("consent", "urn:mfa", "300", "openid signing", "ada"), (asked["prompt"], asked["acr_values"], asked["max_age"], asked["scope"], asked["login_hint"]));
        asked = await AskAsync(app, "acme", ("prompt", "none"), ("hd", "evil.example"), ("login_hint", "ada"));
        Assert.Equal(("consent", "example.com", "ada"), (asked["prompt"], asked["hd"], asked["login_hint"]));
    }

    [Theory]
    [InlineData("repo admin:org", "read profile")]
    [InlineData("read admin:org", "read")]
    [InlineData("profile extra", "profile extra")]
    [InlineData("", "read profile")]
    public async Task AScopeComesFromTheAllowListAlone(string asked, string sent)
    {
        await using var app = await StartAsync(options => options.Providers.Scopes.Add("extra"));
        Assert.Equal(sent, (await AskAsync(app, "acme", ("scope", asked)))["scope"]);
    }

    [Fact]
    public async Task ANarrowedScopeStillNamesOpenId()
    {
        await using var app = await StartAsync();
        Assert.Equal("openid email", (await AskAsync(app, "work", ("scope", "email offline_access")))["scope"]);
    }

    [Fact]
    public async Task AStepUpGoesBeforeEverything()
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync(configure: options => options.Prompt = "consent");
        using var browser = app.CreateBrowser();
        await browser.SignInAsync(fake, "work");
        var start = await browser.PostAsync("/api/auth/signin/work?fresh=true&prompt=none&max_age=99999&login_hint=eve", []);
        var asked = Query(start.Location!);
        Assert.Equal(("login", "0", "eve"), (asked["prompt"], asked["max_age"], asked["login_hint"]));
    }

    [Fact]
    public async Task AStepUpIsNotTalkedOutOfAskingWhereTheProtocolHasNoWordForIt()
    {
        var plain = new FakeProvider();
        await using var app = await plain.StartOAuthAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync(plain, "acme");
        var asked = Query((await browser.PostAsync("/api/auth/signin/acme?fresh=true&prompt=none&max_age=99999&login_hint=eve", [])).Location!);
        Assert.Equal(("select_account", null, "eve"), (asked["prompt"], asked.GetValueOrDefault("max_age"), asked["login_hint"]));
    }

    [Theory]
    [InlineData("redirect_uri")]
    [InlineData("State")]
    public async Task AnOptionThatOpensTheProtocolStopsTheStart(string name)
    {
        var error = await Assert.ThrowsAsync<AuthSetupException>(() => StartAsync(options => options.Providers.Hints.Add(name)));
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
    }

    private static async Task<Dictionary<string, string>> AskAsync(AuthApp app, string provider, params (string Name, string Value)[] hints)
    {
        using var browser = app.CreateBrowser();
        var address = QueryHelpers.AddQueryString($"/api/auth/signin/{provider}", hints.ToDictionary(hint => hint.Name, hint => (string?)hint.Value));
        return Query((await browser.PostAsync(address, [])).Location!);
    }

    private static Dictionary<string, string> Query(Uri address) => QueryHelpers.ParseQuery(address.Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());

    private static Task<AuthApp> StartAsync(Action<AuthOptions>? configure = null, Action<OpenIdConnectOptions>? oidc = null) => new OpenIdFake().StartAsync(
        setup =>
        {
            setup.Options = configure;
            var work = setup.Providers;
            setup.Providers = builder =>
            {
                work(builder);
                builder.AddOAuth("acme", "Acme", options =>
                {
                    new FakeProvider().UseForPlainOAuth(options);
                    options.Scope.Add("read");
                    options.Scope.Add("profile");
                    if (oidc is not null)
                    {
                        options.AuthorizationEndpoint += "?hd=example.com";
                        options.Events.OnRedirectToAuthorizationEndpoint = context =>
                        {
                            context.Response.Redirect(context.RedirectUri + "&prompt=consent");
                            return Task.CompletedTask;
                        };
                    }
                });
            };
        },
        oidc);
}
