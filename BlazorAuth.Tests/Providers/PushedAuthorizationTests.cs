using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.Tests.Providers;

/// <summary>Pushed authorization requests (RFC 9126): used where they work, left out where they are merely offered, insisted on where they are required.</summary>
public sealed partial class PushedAuthorizationTests
{
    [Fact]
    public async Task AnOfferThatWorksIsUsed()
    {
        var fake = Offering(required: false);
        fake.Hooks["/par"] = seen => seen.Field("code_challenge") is not null && seen.Field("client_secret") is null
            ? OpenIdFake.Json("""{"request_uri":"urn:ietf:params:oauth:request_uri:1","expires_in":60}""", HttpStatusCode.Created) : OpenIdFake.Error("invalid_request");
        await using var app = await fake.StartAsync();
        using var browser = app.CreateBrowser();
        var authorize = (await browser.StartSignInAsync("work")).Location!;
        Assert.Equal(("urn:ietf:params:oauth:request_uri:1", null, "client"), (Page.Query(authorize, "request_uri"), Page.Query(authorize, "state"), Page.Query(authorize, "client_id")));
        Assert.StartsWith("Basic", fake.Last("/par").Authorization, StringComparison.Ordinal);
    }

    public static TheoryData<string> Refusals => ["404", "405", "401", "403-html", "503", "unauthorized"];

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task AnOfferThatDoesNotWorkIsLeftOutForAWhile(string refusal)
    {
        var fake = Offering(required: false);
        fake.Hooks["/par"] = _ => Refuse(refusal);
        await using var app = await fake.StartAsync();
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
        var asked = fake.Count("/par");
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
        Assert.Equal(asked, fake.Count("/par"));
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 316);
        app.Clock.Advance(TimeSpan.FromMinutes(61));
        await fake.SignInAsync(app);
        Assert.True(fake.Count("/par") > asked);
    }

    [Theory]
    [InlineData("max_age=soon", "max_age")]
    [InlineData("scope=openid", "scope")]
    public async Task AHintThatTheProviderRejectsChangesNothingForOthers(string hint, string name)
    {
        var fake = Offering(required: false);
        fake.Hooks["/par"] = seen => seen.Field(name) is { } value && value == hint[(hint.IndexOf('=', StringComparison.Ordinal) + 1)..]
            ? OpenIdFake.Error("invalid_request")
            : Accepted();
        await using var app = await fake.StartAsync();
        using var attacker = app.CreateBrowser();
        var own = (await attacker.PostAsync("/api/auth/signin/work?" + hint)).Location!;
        using var victim = app.CreateBrowser();
        var next = (await victim.PostAsync("/api/auth/signin/work")).Location!;

        Assert.Equal((null, "urn:x:1", null), (Page.Query(own, "request_uri"), Page.Query(next, "request_uri"), Page.Query(next, "state")));
        Assert.DoesNotContain(app.Logs.Own, line => line.Event.Id == 316);
    }

    [Fact]
    public async Task AnOfferThatIsNotForThisClientIsLearntFromASignInWithHintsToo()
    {
        var fake = Offering(required: false);
        fake.Hooks["/par"] = _ => Refuse("401");
        await using var app = await fake.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.PostAsync("/api/auth/signin/work?prompt=login");
        var asked = fake.Count("/par");
        Assert.Equal("login", Page.Query((await browser.PostAsync("/api/auth/signin/work?prompt=login")).Location!, "prompt"));
        Assert.Equal(asked, fake.Count("/par"));
    }

    [Theory]
    [InlineData("503", 1)]
    [InlineData("silent", 1)]
    [InlineData("404", 60)]
    public async Task AServerThatIsDownIsTriedAgainAfterAMinute(string refusal, int minutes)
    {
        var fake = Offering(required: false);
        fake.Hooks["/par"] = _ => refusal == "silent" ? throw new HttpRequestException("silent") : Refuse(refusal);
        await using var app = await fake.StartAsync();
        await fake.SignInAsync(app);
        fake.Hooks["/par"] = _ => Accepted();
        using var browser = app.CreateBrowser();
        app.Clock.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        Assert.Null(Page.Query((await browser.PostAsync("/api/auth/signin/work")).Location!, "request_uri"));
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("urn:x:1", Page.Query((await browser.PostAsync("/api/auth/signin/work")).Location!, "request_uri"));
    }

    [Theory]
    [InlineData("400")]
    [InlineData("login")]
    [InlineData("500")]
    [InlineData("413")]
    [InlineData("no-uri")]
    [InlineData("number")]
    [InlineData("not-json")]
    [InlineData("empty")]
    public async Task WhatMayBeAboutOneRequestIsRememberedForNone(string refusal)
    {
        var fake = Offering(required: false);
        fake.Hooks["/par"] = _ => Refuse(refusal);
        await using var app = await fake.StartAsync(configure: options => options.ClientSecret = null);
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 319);
        fake.Hooks["/par"] = _ => Accepted();
        using var browser = app.CreateBrowser();
        Assert.Equal("urn:x:1", Page.Query((await browser.PostAsync("/api/auth/signin/work")).Location!, "request_uri"));
        Assert.Equal(2, fake.Count("/par"));
        Assert.DoesNotContain(app.Logs.Own, line => line.Event.Id == 316);
    }

    [Theory]
    [InlineData("400")]
    [InlineData("404")]
    [InlineData("403-html")]
    [InlineData("unauthorized")]
    [InlineData("405")]
    [InlineData("503")]
    public async Task ARefusalOfAStepUpChangesNothingForOthers(string refusal)
    {
        var fake = Offering(required: false);
        fake.Hooks["/par"] = seen => seen.Field("prompt") == "login" ? Refuse(refusal) : Accepted();
        await using var app = await fake.StartAsync();
        using var person = app.CreateBrowser();
        await person.StartSignInAsync("work");
        await person.ArriveAsync(fake.Answer(new Uri(QueryHelpers.AddQueryString("https://id.example/authorize", fake.Last("/par").Form!))));
        var own = (await person.PostAsync("/api/auth/signin/work?fresh=true", [])).Location!;
        using var other = app.CreateBrowser();

        Assert.Equal((null, "login"), (Page.Query(own, "request_uri"), Page.Query(own, "prompt")));
        Assert.Equal("urn:x:1", Page.Query((await other.PostAsync("/api/auth/signin/work")).Location!, "request_uri"));
        Assert.DoesNotContain(app.Logs.Own, line => line.Event.Id == 316);
    }

    [Theory]
    [InlineData("400")]
    [InlineData("403-html")]
    [InlineData("unauthorized")]
    public async Task ARefusalOfAHostChangesNothingForOthers(string refusal)
    {
        var fake = Offering(required: false);
        fake.Hooks["/par"] = seen => seen.Field("redirect_uri")!.Contains("evil.example", StringComparison.Ordinal) ? Refuse(refusal) : Accepted();
        await using var app = await fake.StartAsync();
        using var attacker = new Browser(new Uri("http://evil.example"), app.CreateHandler(), app.Clock);
        var own = (await attacker.PostAsync("/api/auth/signin/work")).Location!;
        using var victim = app.CreateBrowser();

        Assert.Contains("evil.example", Page.Query(own, "redirect_uri")!, StringComparison.Ordinal);
        Assert.Equal("urn:x:1", Page.Query((await victim.PostAsync("/api/auth/signin/work")).Location!, "request_uri"));
    }

    [Theory]
    [InlineData("404", "ProviderAnswer")]
    [InlineData("no-uri", "ProviderAnswer")]
    public async Task ARequirementIsNotLeftOut(string refusal, string reason)
    {
        var fake = Offering(required: true);
        fake.Hooks["/par"] = _ => Refuse(refusal);
        await using var app = await fake.StartAsync();
        var page = await fake.SignInAsync(app);
        Assert.Equal(("/api/auth/error", reason), (page.Address.AbsolutePath, page.Query("reason")));
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 302 && line.Text.Contains("requires pushed authorization requests", StringComparison.Ordinal));
    }

    // A page of the app's own is where its visitor comes back to, and its address travels in the state.
    [Fact]
    public async Task ALongRequestThatIsRefusedChangesNothingForOthers()
    {
        var fake = Offering(required: false);
        fake.Hooks["/par"] = seen => seen.Field("state")!.Length > 4000 ? Refuse("404") : Accepted();
        await using var app = await fake.StartAsync(setup => setup.Map = routes => routes.MapGet("/start", () => Results.Challenge(authenticationSchemes: ["work"])));
        using var visitor = app.CreateBrowser();
        var own = (await visitor.OpenAsync("/start?" + Convert.ToHexString(RandomNumberGenerator.GetBytes(4000)))).Location!;
        using var other = app.CreateBrowser();

        Assert.Equal((null, "urn:x:1"), (Page.Query(own, "request_uri"), Page.Query((await other.OpenAsync("/start")).Location!, "request_uri")));
    }

    private static OpenIdFake Offering(bool required)
    {
        var fake = new OpenIdFake();
        fake.Discovery["pushed_authorization_request_endpoint"] = fake.Issuer + "/par";
        fake.Discovery["require_pushed_authorization_requests"] = required;
        return fake;
    }

    private static HttpResponseMessage Accepted() => OpenIdFake.Json("""{"request_uri":"urn:x:1","expires_in":60}""", HttpStatusCode.Created);

    private static HttpResponseMessage Refuse(string how) => how switch
    {
        "404" => OpenIdFake.Json("not here", HttpStatusCode.NotFound, "text/plain"),
        "405" => OpenIdFake.Json("", HttpStatusCode.MethodNotAllowed),
        "401" => OpenIdFake.Error("invalid_client", HttpStatusCode.Unauthorized),
        "400" => OpenIdFake.Error("invalid_request"),
        "login" => OpenIdFake.Error("login_required", HttpStatusCode.Unauthorized),
        "unauthorized" => OpenIdFake.Error("unauthorized_client"),
        "413" => OpenIdFake.Json("", HttpStatusCode.RequestEntityTooLarge),
        "503" => OpenIdFake.Json("", HttpStatusCode.ServiceUnavailable),
        "500" => OpenIdFake.Error("server_error", HttpStatusCode.InternalServerError),
        "403-html" => OpenIdFake.Json("<h1>No licence</h1>", HttpStatusCode.Forbidden, "text/html"),
        "no-uri" => OpenIdFake.Json("""{"expires_in":60}"""),
        "number" => OpenIdFake.Json("""{"request_uri":5}"""),
        "not-json" => OpenIdFake.Json("request_uri=a", HttpStatusCode.OK, "application/x-www-form-urlencoded"),
        _ => OpenIdFake.Json(""),
    };
}
