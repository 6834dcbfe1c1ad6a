using System.Net;
using System.Text.Json.Nodes;
using BlazorAuth.Tests.Flows;

namespace BlazorAuth.Tests.Endpoints;

/// <summary>Answers that somebody else prepared. Production lines: CallbackEndpoint.CheckIssuerAsync and what the platform's handlers check behind it.</summary>
public sealed partial class CallbackEndpointTests
{
    [Theory]
    [MemberData(nameof(Providers))]
    public async Task AnAnswerThatNobodyAskedForIsNoSignIn(string provider)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        foreach (var query in (string[])["", "?code=x", "?state=x", "?code=x&state=forged", "?error=invalid_scope", "?code=&state=", "?state=%00&code=%00", "?code=a&code=b&state=a&state=b", "?iss=", "?state=" + new string('A', 4000)])
        {
            var page = await browser.ArriveAsync(new Uri(app.Address, $"/api/auth/callback/{provider}{query}"));
            Assert.True((HttpStatusCode.BadRequest, "/api/auth/error") == (page.Status, page.Address.AbsolutePath), $"{query}: {(int)page.Status} {page.Address}");
        }

        var posted = await browser.PostAsync($"/api/auth/callback/{provider}", [new("code", "x"), new("state", "forged")], site: "cross-site");
        Assert.Equal(HttpStatusCode.Found, posted.Status);
        Assert.Equal("/api/auth/error", posted.Location!.AbsolutePath);
        Assert.Equal("null", await browser.SessionAsync());
        Assert.Empty(fake.TokenRequests);
    }

    [Theory]
    [InlineData("google", "github")]
    [InlineData("acme", "google")]
    [InlineData("work", "acme")]
    [InlineData("google", "work")]
    public async Task TheStateOfOneProviderIsWorthNothingAtAnother(string asked, string answering)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        var callback = fake.Answer((await browser.StartSignInAsync(asked)).Location!);
        var page = await browser.ArriveAsync(new Uri(callback.ToString().Replace("/callback/" + asked, "/callback/" + answering, StringComparison.Ordinal)));
        Assert.Equal((HttpStatusCode.BadRequest, "/api/auth/error"), (page.Status, page.Address.AbsolutePath));
        Assert.Equal("null", await browser.SessionAsync());
        Assert.Empty(fake.TokenRequests);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task AnAnswerPreparedInAnotherBrowserSignsNobodyIn(string provider)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var attacker = app.CreateBrowser();
        using var victim = app.CreateBrowser();
        var prepared = fake.Answer((await attacker.StartSignInAsync(provider)).Location!);

        // The victim has a sign-in of their own under way, so there is a cookie, only not this one.
        await victim.StartSignInAsync(provider);
        Assert.Equal(HttpStatusCode.BadRequest, (await victim.ArriveAsync(prepared)).Status);
        Assert.Equal("null", await victim.SessionAsync());
    }

    [Theory]
    [InlineData("google", "https://accounts.google.com")]
    [InlineData("github", "https://github.com/login/oauth")]
    [InlineData("work", FakeProvider.Issuer)]
    public async Task OnlyTheRightIssuerMayAnswer(string provider, string right)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        foreach (var (issuer, isRight) in new (string?, bool)[]
        {
            (null, true), (right, true), (right + "/", false), (right.ToUpperInvariant(), false), ("https://evil.example", false), ("", false),
        })
        {
            using var browser = app.CreateBrowser();
            var page = await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync(provider)).Location!, ("iss", issuer)));
            Assert.True(isRight == (page.Text == "Ada Lovelace"), $"{issuer}: {page.Text}");
            if (!isRight)
            {
                Assert.Equal("IssuerMismatch", page.Query("reason"));
            }
        }

        using var twice = app.CreateBrowser();
        var callback = fake.Answer((await twice.StartSignInAsync(provider)).Location!, ("iss", right));
        Assert.Equal("IssuerMismatch", (await twice.ArriveAsync(new Uri(callback + "&iss=" + Uri.EscapeDataString(right)))).Query("reason"));
    }

    [Fact]
    public async Task APostCannotHideTheIssuerFromTheHandlerThatReadsTheQuery()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        var callback = fake.Answer((await browser.StartSignInAsync("github")).Location!, ("iss", "https://evil.example"));

        foreach (var fields in (KeyValuePair<string, string>[][])[[], [new("iss", "https://github.com/login/oauth")]])
        {
            var answer = await browser.PostAsync(callback.PathAndQuery, fields, "same-site");
            Assert.Contains("reason=IssuerMismatch", answer.Location!.Query, StringComparison.Ordinal);
        }

        Assert.Equal("null", await browser.SessionAsync());
    }

    [Fact]
    public async Task AnIssuerThatDiscoveryPromisesMustBeThere()
    {
        var fake = new FakeProvider();
        fake.Discovery["authorization_response_iss_parameter_supported"] = true;
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        Assert.Equal("IssuerMismatch", (await browser.SignInAsync(fake, "work")).Query("reason"));
        Assert.Equal("Ada Lovelace", (await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync("work")).Location!, ("iss", FakeProvider.Issuer)))).Text);
    }

    [Fact]
    public async Task ASchemeOfTheAppsOwnIsHeldToTheIssuerItIsGiven()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup => setup.Settings["AUTH_ACME_ISSUER"] = "https://acme.example");
        using var browser = app.CreateBrowser();
        Assert.Equal("IssuerMismatch", (await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync("acme")).Location!, ("iss", "https://evil.example")))).Query("reason"));
        Assert.Equal("Ada Lovelace", (await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync("acme")).Location!, ("iss", "https://acme.example")))).Text);
    }

    [Theory]
    [InlineData("foreign-key")]
    [InlineData("nonce")]
    [InlineData("no-nonce")]
    [InlineData("issuer")]
    [InlineData("audience")]
    [InlineData("expired")]
    [InlineData("no-subject")]
    public async Task AnIdTokenThatIsNotForUsSignsNobodyIn(string defect)
    {
        var fake = new FakeProvider { SignsWithForeignKey = defect == "foreign-key" };
        fake.ChangeIdToken = claims =>
        {
            switch (defect)
            {
                case "nonce": claims["nonce"] = "another"; break;
                case "no-nonce": claims.Remove("nonce"); break;
                case "issuer": claims["iss"] = "https://evil.example"; break;
                case "audience": claims["aud"] = "another"; break;
                case "expired": claims["exp"] = 1_000_000_000; claims["iat"] = 999_999_000; break;
                case "no-subject": claims.Remove("sub"); break;
            }
        };
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        var page = await browser.SignInAsync(fake, "work", "/page?to=here");
        await FailedSignIn.AssertAsync(app, browser, page, "work", 400, "/api/auth/error", "Configuration", "Sign-in didn’t work");
    }

    [Fact]
    public async Task AProfileThatNamesNobodyIsRefusedAndTheRemedyIsLogged()
    {
        var fake = new FakeProvider { User = new JsonObject { ["name"] = "Nobody" } };
        await using var app = await fake.StartAppAsync();
        foreach (var provider in (string[])["google", "github", "acme"])
        {
            using var browser = app.CreateBrowser();
            var page = await browser.SignInAsync(fake, provider);
            Assert.Equal((HttpStatusCode.BadRequest, "ProviderAnswer"), (page.Status, page.Query("reason")));
            Assert.Equal("null", await browser.SessionAsync());
        }

        Assert.Contains(app.Logs.Own, line => line.Text.Contains("MapJsonKey", StringComparison.Ordinal));
    }
}
