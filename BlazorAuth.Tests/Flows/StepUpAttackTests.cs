using System.Globalization;
using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.Tests.Flows;

/// <summary>Ways around <c>RequireFresh</c> for who sits at a browser that somebody left signed in.</summary>
public sealed class StepUpAttackTests
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("google")]
    [InlineData("oidc")]
    public async Task AnOrdinarySignInWhileSignedInMakesNothingFresh(string provider)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Map = Map);
        using var browser = app.CreateBrowser();
        await browser.SignInAsync(provider);
        Assert.Equal("done", (await browser.OpenAsync("/danger")).Text);
        app.Clock.Advance(Within);

        Assert.Equal("Ada Lovelace", (await browser.SignInAsync(provider)).Text);

        Assert.Equal($"/api/auth/signin/{provider}", (await browser.OpenAsync("/danger")).Address.AbsolutePath);
        Assert.Equal("done", (await browser.ChooseAsync(await browser.PressAsync(await browser.OpenAsync("/danger")))).Text);
    }

    /// <summary>What the provider says of when it asked, in seconds from now; null when it says nothing.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(-3600)]
    [InlineData(3600)]
    public async Task AnOpenIdAnswerThatDoesNotSayThatThePersonWasAskedConfirmsNothing(int? asked)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup => setup.Map = Map);
        using var browser = app.CreateBrowser();
        AskedAt(fake, app, 0);
        await browser.SignInAsync(fake, "work");
        app.Clock.Advance(Within);
        AskedAt(fake, app, asked);

        // What everybody can write into their profile is no proof.
        fake.User["auth_time"] = app.Clock.GetUtcNow().ToUnixTimeSeconds();
        var refused = await browser.ArriveAsync(fake.Answer((await browser.PressAsync(await browser.OpenAsync("/danger"))).Location!));

        Assert.Equal((HttpStatusCode.Forbidden, "NotAskedAgain"), (refused.Status, refused.Query("reason")));
        Assert.Equal("/api/auth/signin/work", (await browser.OpenAsync("/danger")).Address.AbsolutePath);

        AskedAt(fake, app, 0);
        var confirmed = await browser.ArriveAsync(fake.Answer((await browser.PressAsync(await browser.OpenAsync("/danger"))).Location!));
        Assert.Equal("done", confirmed.Text);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(-3600, false)]
    [InlineData(0, true)]
    public async Task SigningOutAndInAgainIsAsFreshAsTheOpenIdProviderSays(int? asked, bool isFresh)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup => setup.Map = Map);
        using var browser = app.CreateBrowser();
        AskedAt(fake, app, asked);

        await browser.SignInAsync(fake, "work");

        Assert.Equal("Ada Lovelace", (await browser.OpenAsync("/page")).Text);
        Assert.Equal(isFresh ? "/danger" : "/api/auth/signin/work", (await browser.OpenAsync("/danger")).Address.AbsolutePath);
    }

    [Fact]
    public async Task CredentialsConfirmForTheSamePersonOnly()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Map = Map;
            setup.StandIns = false;
            setup.Providers = builder => builder.AddCredentials("password", context => ValueTask.FromResult(
                CredentialsResult.Accept(new SessionUser { Id = context.Form["user"]!, Name = context.Form["user"]! })));
        });
        using var browser = app.CreateBrowser();
        await browser.PressAsync(await browser.OpenAsync("/api/auth/signin?callbackUrl=/danger"), "button", ("user", "ada"), ("password", "x"));
        var before = await browser.SessionAsync();
        Assert.Equal("done", (await browser.OpenAsync("/danger")).Text);
        app.Clock.Advance(Within);

        var asked = await browser.OpenAsync("/danger?item=7");
        Assert.Equal("Confirm it’s you", asked.Document.QuerySelector("h1")!.TextContent);
        var refused = await browser.PressAsync(asked, "button", ("user", "grace"), ("password", "x"));
        Assert.Equal((HttpStatusCode.Forbidden, "OtherPerson"), (refused.Status, refused.Query("reason")));
        Assert.Equal(before, await browser.SessionAsync());
        Assert.Equal("/api/auth/signin/password", (await browser.OpenAsync("/danger")).Address.AbsolutePath);

        var done = await browser.PressAsync(await browser.OpenAsync("/danger?item=7"), "button", ("user", "ada"), ("password", "x"));
        Assert.Equal(("/danger?item=7", "done"), (done.Address.PathAndQuery, done.Text));
    }

    [Fact]
    public async Task AnAppThatSignsInByItselfSaysWhenItAsked()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Map = app =>
        {
            Map(app);
            app.MapGet("/own", (HttpContext http, TimeProvider clock, bool asked) => http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity(
                [new Claim("sub", "ada"), .. asked ? [new Claim("auth_time", Seconds(clock.GetUtcNow()))] : Array.Empty<Claim>()], "own"))));
        });
        using var browser = app.CreateBrowser();
        await browser.OpenAsync("/own?asked=false");
        Assert.Equal("done", (await browser.OpenAsync("/danger")).Text);
        app.Clock.Advance(Within);

        await browser.OpenAsync("/own?asked=false");
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/danger")).Status);
        await browser.OpenAsync("/own?asked=true");
        Assert.Equal("done", (await browser.OpenAsync("/danger")).Text);
    }

    private static void AskedAt(FakeProvider fake, AuthApp app, int? seconds) => fake.ChangeIdToken = claims =>
    {
        if (seconds is { } some)
        {
            claims["auth_time"] = app.Clock.GetUtcNow().AddSeconds(some).ToUnixTimeSeconds();
        }
    };

    private static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static void Map(WebApplication app) => app.MapGet("/danger", () => "done").RequireFresh(Within);
}
