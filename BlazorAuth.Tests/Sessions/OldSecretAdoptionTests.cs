using System.Text.Json.Nodes;
using BlazorAuth.Tests.Stores;
using Microsoft.AspNetCore.Builder;

namespace BlazorAuth.Tests.Sessions;

/// <summary>While a secret is being rotated, somebody who has the old one writes tokens of an Auth.js, and the people of a real one keep their sessions.</summary>
public sealed class OldSecretAdoptionTests
{
    private const string NewSecret = "the-newest-secret-of-the-tests-that-is-long-enough";

    [Theory]
    [InlineData("ada")]
    [InlineData("somebody-new")]
    public async Task ATokenOfNoAuthJsUnderAnOldSecretMakesNobodyAnybody(string user)
    {
        using var folder = new TempFolder();
        await using var app = await StartAsync(folder, isRotating: true);
        await app.BeginSessionAsync("ada", "s1");
        using var mallory = app.CreateBrowser();
        var forged = mallory.Cookies[AuthApp.SessionCookie] = Token(app, user, AuthApp.Secret, ("roles", "admin"));

        Assert.Equal("null", await mallory.SessionAsync());
        Assert.NotEqual("done", (await mallory.OpenAsync("/admin")).Text);
        Assert.Equal(user == "ada" ? 1 : 0, (await app.Sessions.ListAsync(user, TestContext.Current.CancellationToken)).Count);

        Assert.Single(app.Logs.Own, line => line.Event.Name == "OldSecretNotAdopted");

        // A real Auth.js may write it again, under the new secret.
        Assert.Equal(forged, mallory.Cookies[AuthApp.SessionCookie]);
    }

    [Fact]
    public async Task NorDoesOneOfNextAuth4()
    {
        using var folder = new TempFolder();
        await using var app = await StartAsync(folder, isRotating: true);
        using var mallory = app.CreateBrowser();
        mallory.Cookies["next-auth.session-token"] = NextAuth4Tests.Token(app, "7", "t1");

        Assert.Equal("null", await mallory.SessionAsync());
        Assert.Empty(await app.Sessions.ListAsync("7", TestContext.Current.CancellationToken));
    }

    // Nor the session of whoever is here with the same sort of device.
    [Fact]
    public async Task ItIsNotGivenTheSessionThatItsUserHas()
    {
        using var folder = new TempFolder();
        await using var app = await StartAsync(folder, isRotating: true);
        using var kim = app.CreateBrowser();
        kim.Cookies[AuthApp.SessionCookie] = Token(app, "kim", NewSecret);
        Assert.Contains("Kim", await kim.SessionAsync(), StringComparison.Ordinal);

        using var mallory = app.CreateBrowser();
        mallory.Cookies[AuthApp.SessionCookie] = Token(app, "kim", AuthApp.Secret);
        Assert.Equal("null", await mallory.SessionAsync());
    }

    [Fact]
    public async Task WhoWasHereBeforeTheRotationStaysSignedInWithoutTheTokensClaims()
    {
        using var folder = new TempFolder();
        string token;
        await using (var before = await StartAsync(folder, isRotating: false))
        {
            using var kim = before.CreateBrowser();
            token = kim.Cookies[AuthApp.SessionCookie] = Token(before, "kim", AuthApp.Secret);
            Assert.Contains("Kim", await kim.SessionAsync(), StringComparison.Ordinal);
        }

        await using var app = await StartAsync(folder, isRotating: true);
        using var browser = app.CreateBrowser();
        browser.Cookies[AuthApp.SessionCookie] = token;
        Assert.Contains("Kim", await browser.SessionAsync(), StringComparison.Ordinal);
        Assert.NotEqual("done", (await browser.OpenAsync("/admin")).Text);
    }

    // The old secret leaked, so both apps have another one, and nobody opens the session that the old one sealed.
    [Fact]
    public async Task WhoSignsInAgainAtAuthJsAfterALeakIsIn()
    {
        using var folder = new TempFolder();
        await using (var before = await StartAsync(folder, isRotating: false))
        {
            using var client = before.CreateClient();
            Assert.Contains("Kim", (await client.FetchAsync(HttpMethod.Get, "/api/auth/session", null, ("Cookie", $"{AuthApp.SessionCookie}={Token(before, "kim", AuthApp.Secret)}"))).Text, StringComparison.Ordinal);
        }

        await using var app = await StartAsync(folder, isRotating: false, NewSecret);
        using var browser = app.CreateClient();
        Assert.Contains("Kim", (await browser.FetchAsync(HttpMethod.Get, "/api/auth/session", null, ("Cookie", $"{AuthApp.SessionCookie}={Token(app, "kim", NewSecret)}"))).Text, StringComparison.Ordinal);
    }

    private static Task<AuthApp> StartAsync(TempFolder folder, bool isRotating, string secret = AuthApp.Secret) => AuthApp.StartAsync(setup =>
    {
        setup.UseFile(folder);
        setup.Settings["AUTH_SECRET"] = secret;
        setup.Settings["AUTH_SECRET_1"] = isRotating ? NewSecret : null;
        setup.Options = options => (options.Session.AcceptAuthJsTokens, options.Session.AcceptNextAuth4Cookies) = (true, true);
        setup.Map = app => app.MapGet("/admin", () => "done").RequireAuthorization(policy => policy.RequireRole("admin"));
    });

    private static string Token(AuthApp app, string user, string secret, params (string Name, string Value)[] more)
    {
        var claims = new JsonObject { ["sub"] = user, ["name"] = "Kim" };
        foreach (var (name, value) in more)
        {
            claims[name] = value;
        }

        var now = app.Clock.GetUtcNow();
        return new SessionToken(new SessionKeyRing([secret])).Write(claims, AuthApp.SessionCookie, now, now.AddDays(30));
    }
}
