using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.Tests.Providers;

/// <summary>The address of a callback: in the forms that providers and proxies make of it, and where an app puts it itself.</summary>
public sealed class CallbackAddressTests
{
    [Theory]
    [InlineData("/api/auth/callback/acme/")]
    [InlineData("/api/auth/callback/ACME")]
    [InlineData("/api/auth/callback//acme")]
    [InlineData("/api/auth/callback/acme//")]
    public async Task AnAddressInAnotherFormIsTheSame(string path)
    {
        var fake = new FakeProvider();
        await using var app = await StartAsync(fake, "Acme");
        using var browser = app.CreateBrowser();
        var answer = fake.Answer((await browser.StartSignInAsync("Acme")).Location!);
        Assert.Equal("Ada Lovelace", (await browser.ArriveAsync(new UriBuilder(answer) { Path = path }.Uri)).Text);
    }

    [Theory]
    [InlineData("/api/auth/callback/acme/more")]
    [InlineData("/api/auth/callback/")]
    [InlineData("/api/auth/callback/other")]
    public async Task AnotherAddressIsNot(string path)
    {
        var fake = new FakeProvider();
        await using var app = await StartAsync(fake, "Acme");
        using var browser = app.CreateBrowser();
        var answer = fake.Answer((await browser.StartSignInAsync("acme")).Location!);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.ArriveAsync(new UriBuilder(answer) { Path = path }.Uri)).Status);
    }

    [Theory]
    [InlineData("Azure AD")]
    [InlineData("Zürich")]
    [InlineData("日本")]
    [InlineData("a+b&c")]
    [InlineData("who?")]
    [InlineData("x#1")]
    [InlineData("(a),b!")]
    [InlineData("user@host:1")]
    public async Task TheListedAddressIsTheOneThatIsSentAndWorks(string scheme)
    {
        var fake = new FakeProvider();
        await using var app = await StartAsync(fake, scheme);
        using var browser = app.CreateBrowser();
        var listed = JsonNode.Parse((await browser.OpenAsync("/api/auth/providers")).Text)!.AsObject().Single().Value!;
        var authorize = (await browser.PressAsync(await browser.OpenAsync((string)listed["signinUrl"]! + "?callbackUrl=/page"))).Location!;
        Assert.Equal((string)listed["callbackUrl"]!, QueryHelpers.ParseQuery(authorize.Query)["redirect_uri"].ToString());
        Assert.Equal("Ada Lovelace", (await browser.ArriveAsync(fake.Answer(authorize))).Text);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2fb")]
    [InlineData("a;b")]
    [InlineData("a\\b")]
    [InlineData("..")]
    [InlineData(" a")]
    [InlineData("a\nb")]
    public async Task ANameThatIsNoPartOfAnAddressStopsTheStart(string scheme)
    {
        var error = await Assert.ThrowsAsync<AuthSetupException>(() => StartAsync(new FakeProvider(), scheme));
        Assert.Contains($"'{scheme}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/signin-acme", "/signin-acme")]
    [InlineData("/signin-acme", "/SignIn-Acme")]
    [InlineData("/api/auth/callback/Acme", "/api/auth/callback/acme")]
    [InlineData("/api/auth/callback/acme/", "/api/auth/callback/acme/")]
    public async Task APathOfTheAppsOwnWorksInAnyCase(string own, string path)
    {
        var fake = new FakeProvider();
        await using var app = await StartAsync(fake, "acme", own);
        using var browser = app.CreateBrowser();
        var answer = fake.Answer((await browser.StartSignInAsync("acme")).Location!);
        Assert.Equal(own, answer.AbsolutePath);
        Assert.Equal("Ada Lovelace", (await browser.ArriveAsync(new UriBuilder(answer) { Path = path }.Uri)).Text);
    }

    [Fact]
    public async Task AForeignIssuerIsRefusedBeforeTheCodeIsRedeemedAtTheAppsOwnPathToo()
    {
        var fake = new FakeProvider();
        await using var app = await StartAsync(fake, "acme", "/signin-acme", setup => setup.Settings["AUTH_ACME_ISSUER"] = "https://acme.example");
        using var browser = app.CreateBrowser();
        var authorize = (await browser.StartSignInAsync("acme")).Location!;
        var page = await browser.ArriveAsync(fake.Answer(authorize, ("iss", "https://evil.example")));
        Assert.Equal("IssuerMismatch", page.Query("reason"));
        Assert.Empty(fake.TokenRequests);
        Assert.Equal("null", await browser.SessionAsync());
        Assert.Equal("Ada Lovelace", (await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync("acme")).Location!, ("iss", "https://acme.example")))).Text);
    }

    [Fact]
    public async Task ALimitHoldsAtTheAppsOwnPathToo()
    {
        var fake = new FakeProvider();
        await using var app = await StartAsync(fake, "acme", "/signin-acme", setup => setup.Options = options => options.RateLimit.PermitLimit = 3);
        using var browser = app.CreateBrowser();
        var answer = fake.Answer((await browser.StartSignInAsync("acme")).Location!);
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 6; i++)
        {
            statuses.Add((await browser.SendAsync(browser.Message(HttpMethod.Get, answer, "cross-site"))).Status);
        }

        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        Assert.Single(fake.TokenRequests);
    }

    [Fact]
    public async Task AnAnswerAtTheAppsOwnPathIsKeptInNoCacheAndToldToNoOtherSite()
    {
        await using var app = await StartAsync(new FakeProvider(), "acme", "/signin-acme");
        using var browser = app.CreateBrowser();
        foreach (var path in (string[])["/signin-acme?code=x&state=y", "/api/auth/error", "/api/auth/signin"])
        {
            var answer = await browser.GetAsync(path);
            Assert.Contains("no-store", answer.Header("Cache-Control")!, StringComparison.Ordinal);
            Assert.Equal("same-origin", answer.Header("Referrer-Policy"));
        }
    }

    private static Task<AuthApp> StartAsync(FakeProvider fake, string scheme, string? path = null, Action<AuthAppSetup>? more = null) => AuthApp.StartAsync(setup =>
    {
        setup.StandIns = false;
        setup.Options = options => options.RateLimit.PermitLimit = 0;
        setup.Providers = builder => builder.AddOAuth(scheme, "Acme", options =>
        {
            fake.UseForPlainOAuth(options);
            if (path is not null)
            {
                options.CallbackPath = path;
            }
        });
        more?.Invoke(setup);
    });
}
