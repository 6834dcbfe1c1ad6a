using System.Net;
using System.Security.Claims;
using System.Text.Json;
using BlazorAuth.StandIns;
using Microsoft.AspNetCore.Authentication.Google;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Tests.StandIns;

/// <summary>The platform's own handlers against the stand-ins, over HTTP.</summary>
public sealed class StandInFlowTests
{
    private const string Ada = "button[value=ada]";

    public static TheoryData<string> Schemes => ["Google", "GitHub", "oidc", "plain"];

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task APersonSignsInWithoutAnyKeys(string scheme)
    {
        await using var app = await StandInApp.StartAsync();
        using var browser = app.CreateBrowser();

        var picker = await StandInApp.StartSignInAsync(browser, scheme);
        Assert.Equal(HttpStatusCode.OK, picker.Status);
        Assert.Equal(app.Address.Authority, picker.Address.Authority);
        Assert.Contains("Development stand-in for", picker.Document.QuerySelector("main")!.TextContent, StringComparison.Ordinal);

        var me = ReadClaims(await browser.PressAsync(picker, Ada));
        Assert.Equal("Ada Lovelace", me.GetValueOrDefault(ClaimTypes.Name) ?? me["name"]);
        Assert.Equal("ada@example.com", me.GetValueOrDefault(ClaimTypes.Email) ?? me["email"]);
        Assert.Equal("true", me["email_verified"], ignoreCase: true);
        Assert.NotEmpty(me.GetValueOrDefault(ClaimTypes.NameIdentifier) ?? me["sub"]);

        var picture = await browser.OpenAsync(me["picture"]);
        Assert.Equal(app.Address.Authority, picture.Address.Authority);
        Assert.Equal("image/svg+xml", picture.Response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task TheOrderOfRegistrationDoesNotMatter(string scheme)
    {
        await using var app = await StandInApp.StartAsync(schemesFirst: true);
        using var browser = app.CreateBrowser();
        Assert.Contains("ada@example.com", (await browser.PressAsync(await StandInApp.StartSignInAsync(browser, scheme), Ada)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task AnAppBehindAPathBaseStaysBehindIt(string scheme)
    {
        await using var app = await StandInApp.StartAsync(pathBase: "/tools/app");
        using var browser = app.CreateBrowser();

        var picker = await StandInApp.StartSignInAsync(browser, scheme);
        Assert.StartsWith("/tools/app/stand-ins/", picker.Address.AbsolutePath, StringComparison.Ordinal);
        var stylesheet = new Uri(picker.Address, picker.Document.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href"));
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync(stylesheet.AbsoluteUri)).Status);

        var end = await browser.PressAsync(picker, Ada);
        Assert.Equal("/tools/app/me", end.Address.AbsolutePath);
        var picture = await browser.OpenAsync(ReadClaims(end)["picture"]);
        Assert.Equal(HttpStatusCode.OK, picture.Status);
        Assert.StartsWith("/tools/app/stand-ins/people/", picture.Address.AbsolutePath, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task AnInMemoryServerWorksToo(string scheme)
    {
        await using var app = await StandInApp.StartAsync(builder => builder.WebHost.UseTestServer());
        using var browser = app.CreateBrowser();
        Assert.Contains("ada@example.com", (await browser.PressAsync(await StandInApp.StartSignInAsync(browser, scheme), Ada)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task SomeoneElseIsTheSamePersonWithTheSameEmail(string scheme)
    {
        await using var app = await StandInApp.StartAsync();
        var ids = new List<string>();
        foreach (var email in new[] { "kim@example.net", "Kim@example.net", "lee@example.net" })
        {
            using var browser = app.CreateBrowser();
            var picker = await StandInApp.StartSignInAsync(browser, scheme);
            var me = ReadClaims(await browser.PressAsync(
                picker, "button[value=someone-else]", (PickerChoice.NameField, "Kim <b>Lee</b>"), (PickerChoice.EmailField, email)));
            Assert.Equal("Kim <b>Lee</b>", me.GetValueOrDefault(ClaimTypes.Name) ?? me["name"]);
            ids.Add(me.GetValueOrDefault(ClaimTypes.NameIdentifier) ?? me["sub"]);
        }

        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task SomeoneElseWithoutAnEmailIsAskedAgain(string scheme)
    {
        await using var app = await StandInApp.StartAsync();
        using var browser = app.CreateBrowser();
        var again = await browser.PressAsync(await StandInApp.StartSignInAsync(browser, scheme), "button[value=someone-else]");
        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.NotNull(again.Document.QuerySelector("[role=alert]"));
        Assert.Contains("ada@example.com", (await browser.PressAsync(again, Ada)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFixedIssuerKeepsPeopleTheSameOnEveryPort()
    {
        var issuers = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            await using var app = await StandInApp.StartAsync();
            using var browser = app.CreateBrowser();
            var end = await browser.PressAsync(await StandInApp.StartSignInAsync(browser, "oidc"), Ada);
            var callback = end.Hops.Single(hop => hop.AbsolutePath == "/signin-oidc");
            issuers.Add(QueryHelpers.ParseQuery(callback.Query)["iss"]!);
        }

        Assert.Equal([StandInAddress.Issuer, StandInAddress.Issuer], issuers);
    }

    [Theory]
    [InlineData(PushedAuthorizationBehavior.Require, true)]
    [InlineData(PushedAuthorizationBehavior.Disable, false)]
    public async Task OpenIdWorksWithAndWithoutPushedRequests(PushedAuthorizationBehavior behavior, bool isPushed)
    {
        await using var app = await StandInApp.StartAsync(builder =>
            builder.Services.Configure<OpenIdConnectOptions>("oidc", options => options.PushedAuthorizationBehavior = behavior));
        using var browser = app.CreateBrowser();
        var picker = await StandInApp.StartSignInAsync(browser, "oidc");
        Assert.Equal(isPushed, QueryHelpers.ParseQuery(picker.Address.Query).ContainsKey("request_uri"));
        Assert.Equal("Ada Lovelace", ReadClaims(await browser.PressAsync(picker, Ada))["name"]);
    }

    [Fact]
    public async Task ASchemeWithAClientOfItsOwnIsLeftAlone()
    {
        await using var app = await StandInApp.StartAsync(builder =>
        {
            builder.Configuration["AUTH_GITHUB_ID"] = "mine";
            builder.Configuration["AUTH_OIDC_ISSUER"] = "https://id.example.com";
            builder.Services.Configure<GoogleOptions>("Google", options => (options.ClientId, options.ClientSecret) = ("mine", "secret"));
            builder.Services.Configure<GitHubTestOptions>("GitHub", options => (options.ClientId, options.ClientSecret) = ("mine", "secret"));
            builder.Services.Configure<OpenIdConnectOptions>("oidc", options => (options.Authority, options.ClientId) = ("https://id.example.com", "mine"));
        });
        var google = Options<GoogleOptions>(app, "Google");
        var gitHub = Options<GitHubTestOptions>(app, "GitHub");
        var openId = Options<OpenIdConnectOptions>(app, "oidc");
        Assert.Equal(GoogleDefaults.AuthorizationEndpoint, google.AuthorizationEndpoint);
        Assert.Equal("https://api.github.com/user/emails", gitHub.UserEmailsEndpoint);
        Assert.Equal("https://id.example.com", openId.Authority);
        Assert.All([google.BackchannelHttpHandler, gitHub.BackchannelHttpHandler, openId.BackchannelHttpHandler], Assert.Null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnIdentityProviderOnAnOriginOfItsOwnServesAnotherApp(bool isAnAppItself)
    {
        await using var provider = isAnAppItself ? await StandInApp.StartAsync() : await StandInApp.StartProviderAsync();
        await using var app = await StandInApp.StartAsync(builder => UseProvider(builder, $"http://127.0.0.1:{provider.Address.Port}/stand-ins"));
        foreach (var scheme in Schemes)
        {
            using var browser = app.CreateBrowser();
            var picker = await StandInApp.StartSignInAsync(browser, scheme.Data);
            Assert.Equal("127.0.0.1", picker.Address.Host);
            var end = await browser.PressAsync(picker, Ada);
            Assert.Equal(app.Address.Authority, end.Address.Authority);
            Assert.Contains("ada@example.com", end.Text, StringComparison.Ordinal);
        }
    }

    private static void UseProvider(WebApplicationBuilder builder, string site)
    {
        builder.Configuration["AUTH_STAND_INS"] = "false";
        builder.Services.PostConfigure<GoogleOptions>("Google", options =>
        {
            (options.ClientId, options.ClientSecret) = ("stand-in", "stand-in-secret");
            options.AuthorizationEndpoint = site + "/google/authorize";
            options.TokenEndpoint = site + "/google/token";
            options.UserInformationEndpoint = site + "/google/userinfo";
        });
        builder.Services.PostConfigure<GitHubTestOptions>("GitHub", options =>
        {
            (options.ClientId, options.ClientSecret) = ("stand-in", "stand-in-secret");
            options.AuthorizationEndpoint = site + "/github/login/oauth/authorize";
            options.TokenEndpoint = site + "/github/login/oauth/access_token";
            options.UserInformationEndpoint = site + "/github/user";
            options.UserEmailsEndpoint = site + "/github/user/emails";
        });
        builder.Services.PostConfigure<OAuthOptions>("plain", options =>
        {
            (options.ClientId, options.ClientSecret) = ("stand-in", "stand-in-secret");
            options.AuthorizationEndpoint = site + "/oauth/authorize";
            options.TokenEndpoint = site + "/oauth/token";
            options.UserInformationEndpoint = site + "/oauth/userinfo";
        });
        builder.Services.Configure<OpenIdConnectOptions>("oidc", options =>
        {
            options.RequireHttpsMetadata = false;
            (options.Authority, options.ClientId, options.ClientSecret) = (site + "/oidc", "stand-in", "stand-in-secret");
        });
    }

    private static TOptions Options<TOptions>(StandInApp app, string scheme) =>
        app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptionsMonitor<TOptions>>().Get(scheme);

    private static Dictionary<string, string> ReadClaims(Page page)
    {
        Assert.True(page.Address.AbsolutePath.EndsWith("/me", StringComparison.Ordinal), page.Text);
        return JsonSerializer.Deserialize<Dictionary<string, string>>(page.Text)!;
    }
}
