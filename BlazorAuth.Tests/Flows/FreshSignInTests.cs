using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Tests.Flows;

/// <summary>Sensitive endpoints that need a recent sign-in, and how a person shows once more that it is them.</summary>
public sealed class FreshSignInTests
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task WhoSignedInLongAgoSignsInOnceMoreAndComesBackWithASessionOfItsOwn()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        Assert.Equal("done", (await browser.OpenAsync("/danger?item=7")).Text);
        var before = await OnlySessionAsync(app, browser);
        app.Clock.Advance(Within);

        var asked = await browser.OpenAsync("/danger?item=7");
        Assert.Equal("/api/auth/signin/google", asked.Address.AbsolutePath);
        Assert.Equal("Confirm it’s you", asked.Document.QuerySelector("h1")!.TextContent);
        var picker = await browser.PressAsync(asked);
        Assert.Equal("select_account", picker.Query("prompt"));
        var back = await browser.ChooseAsync(picker);

        Assert.Equal(("/danger?item=7", "done"), (back.Address.PathAndQuery, back.Text));
        Assert.NotEqual(before.Id, (await OnlySessionAsync(app, browser)).Id);
    }

    [Fact]
    public async Task AnOpenIdProviderIsToldToAskAgain()
    {
        await using var app = await StartAsync(setup => setup.Providers = builder => builder.AddGoogle().AddOpenIdConnect(
            "oidc", "Example Corp", oidc => oidc.PushedAuthorizationBehavior = PushedAuthorizationBehavior.Disable));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("oidc");
        app.Clock.Advance(Within);

        var picker = await browser.PressAsync(await browser.OpenAsync("/danger"));

        Assert.Equal(("login", "0"), (picker.Query("prompt"), picker.Query("max_age")));
    }

    [Fact]
    public async Task SomebodyElseAtTheProviderChangesNothing()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var before = await browser.SessionAsync();
        app.Clock.Advance(Within);

        var refused = await browser.ChooseAsync(await browser.PressAsync(await browser.OpenAsync("/danger")), "grace");

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Equal("OtherPerson", refused.Query("reason"));
        Assert.Equal(before, await browser.SessionAsync());
        Assert.Equal("/api/auth/signin/google", (await browser.OpenAsync("/danger")).Address.AbsolutePath);
    }

    [Fact]
    public async Task AnOrdinarySignInAsSomebodyElseIsNoConfirmation()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var ada = await OnlySessionAsync(app, browser);
        app.Clock.Advance(Within);

        await browser.SignInAsync("google", "grace");

        Assert.NotEqual(ada.Id, (await OnlySessionAsync(app, browser)).Id);
        Assert.Empty(await app.Sessions.ListAsync(ada.User.Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AClientIsToldWhereToGoAndAFormComesBackToItsPage()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        app.Clock.Advance(Within);

        var answer = await browser.FetchAsync(HttpMethod.Get, "/danger");
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Equal("FreshSignInRequired", JsonDocument.Parse(answer.Text).RootElement.GetProperty("error").GetString());

        var form = browser.Message(HttpMethod.Post, new Uri(app.Address, "/danger"), "same-origin");
        form.Headers.Referrer = new Uri(app.Address, "/page?tab=2");
        Assert.EndsWith("/page?tab=2", CallbackUrl((await browser.SendAsync(form)).Location!), StringComparison.Ordinal);

        var foreign = browser.Message(HttpMethod.Post, new Uri(app.Address, "/danger"), "same-origin");
        foreign.Headers.Referrer = new Uri("https://evil.example/");
        Assert.StartsWith(app.Address.GetLeftPart(UriPartial.Authority), CallbackUrl((await browser.SendAsync(foreign)).Location!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoIsNotSignedInSignsInTheOrdinaryWay()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();

        Assert.Equal("/api/auth/signin", (await browser.OpenAsync("/danger")).Address.AbsolutePath);
    }

    [Fact]
    public async Task WhoseProviderIsNoneOfOursChoosesAWayAndComesBack()
    {
        await using var app = await StartAsync(setup =>
        {
            var map = setup.Map!;
            setup.Map = host =>
            {
                map(host);
                host.MapGet("/enter", async (HttpContext http) => await http.SignInAsync(
                    new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, "7"), new(ClaimTypes.Name, "Seven")], "own"))));
            };
        });
        using var browser = app.CreateBrowser();
        await browser.OpenAsync("/enter");
        Assert.Equal("done", (await browser.OpenAsync("/danger")).Text);
        app.Clock.Advance(Within);

        var asked = await browser.OpenAsync("/danger?item=7");

        Assert.Equal(("/api/auth/signin", "true"), (asked.Address.AbsolutePath, asked.Query("fresh")));
        Assert.Contains("For your security", asked.Document.QuerySelector(".ba-message")!.TextContent, StringComparison.Ordinal);
        Assert.Null(asked.Document.QuerySelector("main a.ba-primary"));
        Assert.Equal(
            "/api/auth/signin", (await browser.GetAsync((await browser.PostAsync("/api/auth/signin?fresh=true", [new("callbackUrl", "/danger")])).Location!.PathAndQuery)).Address.AbsolutePath);
        var back = await browser.ChooseAsync(await browser.PressAsync(asked, "form[action$='/google'] button"));
        Assert.Equal(("/danger?item=7", "done"), (back.Address.PathAndQuery, back.Text));
    }

    private static string CallbackUrl(Uri address) => QueryHelpers.ParseQuery(address.Query)["callbackUrl"].ToString();

    private static async Task<Session> OnlySessionAsync(AuthApp app, Browser browser)
    {
        var id = (await browser.OpenAsync("/me")).Text;
        return Assert.Single(await app.Sessions.ListAsync(id, TestContext.Current.CancellationToken));
    }

    private static Task<AuthApp> StartAsync(Action<AuthAppSetup>? configure = null) => AuthApp.StartAsync(setup =>
    {
        setup.Map = app =>
        {
            app.MapMethods("/danger", ["GET", "POST"], () => "done").RequireFresh(Within);
            app.MapGet("/me", async (HttpContext http) => (await http.GetSessionAsync())!.User.Id).RequireAuthorization();
        };
        configure?.Invoke(setup);
    });
}
