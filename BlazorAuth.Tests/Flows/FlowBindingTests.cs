using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace BlazorAuth.Tests.Flows;

/// <summary>A sign-in ends in the browser that started it, whatever cookies another site of the domain has planted there.</summary>
public sealed class FlowBindingTests
{
    public static TheoryData<string, string> Cases => new()
    {
        { "https://app.example", "acme" }, { "https://app.example", "work" }, { "https://app.example", "google" }, { "https://app.example", "github" },
        { "http://intranet.example", "acme" }, { "http://intranet.example", "work" },
    };

    // Mallory keeps a callback address and its correlation cookie; a sibling host sets that cookie in Ada's browser; Ada clicks one link.
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task ACallbackWithPlantedCookiesOfAnotherBrowserSignsNobodyIn(string address, string provider)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup => setup.Address = new Uri(address));
        using var mallory = app.CreateBrowser();
        using var ada = app.CreateBrowser();
        await ada.StartSignInAsync(provider);
        var own = ada.Cookies[address.StartsWith("https", StringComparison.Ordinal) ? "__Host-authjs.browser" : "authjs.browser"];
        var prepared = fake.Answer((await mallory.StartSignInAsync(provider)).Location!);
        Plant(app, mallory, ada);

        var page = await ada.ArriveAsync(prepared);

        Assert.Equal((HttpStatusCode.BadRequest, "CookieLost"), (page.Status, page.Query("reason")));
        Assert.Equal("null", await ada.SessionAsync());
        Assert.Empty(fake.TokenRequests);
        Assert.NotNull(own);

        // Over https the browser cookie cannot be planted. Where it can be, two that differ are nobody's.
        if (!address.StartsWith("https", StringComparison.Ordinal))
        {
            var planted = ada.Message(HttpMethod.Get, prepared, "cross-site");
            planted.Headers.Add("Cookie", $"{ada.Cookies.Header(prepared, isCrossSitePost: false)}; authjs.browser={mallory.Cookies["authjs.browser"]}");
            using var client = new HttpClient(app.CreateHandler());
            using var answer = await client.SendAsync(planted, TestContext.Current.CancellationToken);
            Assert.Contains("reason=CookieConflict", answer.Headers.Location!.Query, StringComparison.Ordinal);
            Assert.Empty(fake.TokenRequests);
        }
    }

    [Fact]
    public async Task WithoutTheBrowserCookieTheSignInIsLost()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        var callback = fake.Answer((await browser.StartSignInAsync("acme")).Location!);
        browser.Cookies["authjs.browser"] = null;
        Assert.Equal("CookieLost", (await browser.ArriveAsync(callback)).Query("reason"));
        Assert.Empty(fake.TokenRequests);
    }

    [Fact]
    public async Task OneBrowserFinishesAllItsSignIns()
    {
        var fake = new FakeProvider();
        // One person at two providers would be asked whether to connect them.
        await using var app = await fake.StartAppAsync(setup => setup.Settings["AUTH_ACCOUNTS"] = "off");
        using var browser = app.CreateBrowser();
        var first = fake.Answer((await browser.StartSignInAsync("acme")).Location!);
        var second = fake.Answer((await browser.StartSignInAsync("github")).Location!);
        Assert.Equal("Ada Lovelace", (await browser.ArriveAsync(second)).Text);
        Assert.Equal("Ada Lovelace", (await browser.ArriveAsync(first)).Text);
    }

    // [Authorize] with a scheme, or the app's own code, starts a sign-in past our endpoint.
    [Fact]
    public async Task AChallengeOfTheAppsOwnIsBoundToTheBrowserToo()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup => setup.Map = app =>
            app.MapGet("/start", (HttpContext http) => http.ChallengeAsync("acme", new AuthenticationProperties { RedirectUri = "/page" })));
        using var mallory = app.CreateBrowser();
        using var ada = app.CreateBrowser();
        var prepared = fake.Answer((await mallory.GetAsync("/start")).Location!);
        Plant(app, mallory, ada);

        Assert.Equal("CookieLost", (await ada.ArriveAsync(prepared)).Query("reason"));
        Assert.Empty(fake.TokenRequests);
        Assert.Equal("Ada Lovelace", (await ada.ArriveAsync(fake.Answer((await ada.GetAsync("/start")).Location!))).Text);
    }

    [Fact]
    public async Task ACallbackPathOfTheAppsOwnIsGuardedToo()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartOAuthAsync(options => options.CallbackPath = "/signin-acme");
        using var mallory = app.CreateBrowser();
        using var ada = app.CreateBrowser();
        var prepared = fake.Answer((await mallory.StartSignInAsync("acme")).Location!);
        Plant(app, mallory, ada);

        Assert.Equal("CookieLost", (await ada.ArriveAsync(prepared)).Query("reason"));
        Assert.Equal("null", await ada.SessionAsync());
    }

    // The answer of such a provider is another site's POST, to which no Lax cookie is sent.
    [Fact]
    public async Task AnAnswerByFormPostBringsTheBrowserCookieAlong()
    {
        var fake = new FakeProvider();
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.StandIns = false;
            setup.Address = new Uri("https://app.example");
            setup.Providers = builder => builder.AddOpenIdConnect("work", "Work", options =>
            {
                fake.UseFor(options);
                options.ResponseMode = OpenIdConnectResponseMode.FormPost;
            });
        });
        using var browser = app.CreateBrowser();
        var answer = fake.Answer((await browser.StartSignInAsync("work")).Location!);
        Assert.Equal("None", browser.Cookies.Find("__Host-authjs.browser")!.SameSite);

        var posted = await browser.PostAnswerAsync(answer);

        Assert.Equal((HttpStatusCode.Found, "/page"), (posted.Status, posted.Location!.AbsolutePath));
        Assert.Equal("Ada Lovelace", (await browser.OpenAsync("/page")).Text);

        using var ada = app.CreateBrowser();
        await ada.StartSignInAsync("work");
        answer = fake.Answer((await browser.StartSignInAsync("work")).Location!);
        Assert.Contains("reason=CookieLost", (await ada.PostAnswerAsync(answer)).Location!.Query, StringComparison.Ordinal);
    }

    // Which of two states the handler reads is its own affair: the check would look at the one and the handler at the other.
    [Theory]
    [InlineData("acme")]
    [InlineData("work")]
    public async Task AnAnswerWithTwoStatesIsRefused(string provider)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var mallory = app.CreateBrowser();
        using var ada = app.CreateBrowser();
        var own = fake.Answer((await ada.StartSignInAsync(provider)).Location!);
        var prepared = fake.Answer((await mallory.StartSignInAsync(provider)).Location!);
        var state = System.Web.HttpUtility.ParseQueryString(prepared.Query)["state"];
        foreach (var callback in (string[])[$"{own}&state={state}", $"{own.GetLeftPart(UriPartial.Path)}?state={state}&{own.Query[1..]}"])
        {
            var page = await ada.ArriveAsync(new Uri(callback));
            Assert.Equal((HttpStatusCode.BadRequest, "ProviderAnswer"), (page.Status, page.Query("reason")));
        }

        Assert.Empty(fake.TokenRequests);
    }

    [Fact]
    public async Task AnAuthenticationServiceThatWouldBindNothingStopsTheStart()
    {
        var exception = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup => setup.Providers = builder =>
            builder.AddGoogle().Services.AddScoped<IAuthenticationService, OwnService>()));
        Assert.Contains(nameof(OwnService), exception.Message, StringComparison.Ordinal);

        await using var app = await AuthApp.StartAsync(setup => setup.Services = services => services.AddScoped<IAuthenticationService, OwnService>());
        using var browser = app.CreateBrowser();
        Assert.Equal("Ada Lovelace", (await browser.SignInAsync("google")).Text);
    }

    private sealed class OwnService(
        IAuthenticationSchemeProvider schemes, IAuthenticationHandlerProvider handlers, IClaimsTransformation transform,
        Microsoft.Extensions.Options.IOptions<AuthenticationOptions> options) : AuthenticationService(schemes, handlers, transform, options);

    /// <summary>What a sibling host can do: the handlers' cookies of one browser are another's too.</summary>
    internal static void Plant(AuthApp app, Browser from, Browser to)
    {
        var planted = from.Cookies.All
            .Where(cookie => cookie.Name.Contains("Correlation", StringComparison.Ordinal) || cookie.Name.Contains("Nonce", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(planted);
        planted.ForEach(cookie => to.Cookies.Store(new Uri(app.Address, cookie.Path), cookie.Header));
    }
}
