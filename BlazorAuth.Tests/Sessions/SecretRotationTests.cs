using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.Sessions;

public sealed class SecretRotationTests
{
    private const string Salt = "__Secure-authjs.session-token";

    [Fact]
    public async Task SecretsRotateWithNobodySignedOut()
    {
        using var folder = new TempFolder();
        const string Newer = "the-newer-secret-of-the-tests-that-is-long-enough";
        var jar = new CookieJar(TimeProvider.System, "localhost");
        await using (var app = await AuthApp.StartAsync(setup => setup.UseFile(folder)))
        {
            using var browser = app.CreateBrowser();
            await browser.SignInAsync("google");
            browser.Cookies.CopyTo(jar);
        }

        var before = jar[AuthApp.SessionCookie];
        await using (var app = await AuthApp.StartAsync(setup =>
        {
            setup.UseFile(folder);
            setup.Settings["AUTH_SECRET_1"] = Newer;
        }))
        {
            using var browser = app.CreateBrowser();
            jar.CopyTo(browser.Cookies);
            Assert.NotEqual("null", await browser.SessionAsync());
            Assert.NotEqual(before, browser.Cookies[AuthApp.SessionCookie]);
            jar.Clear();
            browser.Cookies.CopyTo(jar);
        }

        await using (var app = await AuthApp.StartAsync(setup =>
        {
            setup.UseFile(folder);
            setup.Settings["AUTH_SECRET"] = Newer;
        }))
        {
            using var browser = app.CreateBrowser();
            jar.CopyTo(browser.Cookies);
            Assert.NotEqual("null", await browser.SessionAsync());
            browser.Cookies[AuthApp.SessionCookie] = before;
            Assert.Equal("null", await browser.SessionAsync());
        }
    }

    private static readonly DateTimeOffset Now = new(2025, 6, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void ANewSecretInFrontWritesAndTheOldOneStillReads()
    {
        var old = new SessionToken(new SessionKeyRing(["old"]));
        var rotated = new SessionToken(new SessionKeyRing(["new", "old"]));
        var finished = new SessionToken(new SessionKeyRing(["new"]));

        var before = rotated.Read(Write(old), Salt, Now);
        Assert.True(before.Succeeded);
        Assert.False(before.IsCurrent);

        var renewed = rotated.Write(JsonObject.Create(before.Claims)!, Salt, Now, Now.AddDays(1));
        Assert.True(rotated.Read(renewed, Salt, Now).IsCurrent);
        Assert.Equal("u-1", finished.Read(renewed, Salt, Now).Text("sub"));
        Assert.Equal(SessionRefusal.UnknownKey, old.Read(renewed, Salt, Now).Refusal);
        Assert.Equal(SessionRefusal.UnknownKey, finished.Read(Write(old), Salt, Now).Refusal);
    }

    [Fact]
    public void AnotherCookieNameIsAnotherKey()
    {
        var tokens = new SessionToken(new SessionKeyRing(["secret"]));

        Assert.Equal(SessionRefusal.UnknownKey, tokens.Read(Write(tokens), "authjs.session-token", Now).Refusal);
    }

    [Fact]
    public void TheKeyIdOfOneSecretNeverSelectsAnother()
    {
        var keys = new SessionKeyRing(["new", "old"]);
        var (first, second) = (keys.For(Salt)[0], keys.For(Salt)[1]);
        var forged = SealedToken.Seal(second.Cbc, $$"""{"alg":"dir","enc":"A256CBC-HS512","kid":"{{first.CbcId}}"}""", """{"exp":9e15}""");

        Assert.Equal(SessionRefusal.Undecryptable, new SessionToken(keys).Read(forged, Salt, Now).Refusal);
    }

    [Fact]
    public void SecretsMustBeThere()
    {
        Assert.Throws<ArgumentException>(() => new SessionKeyRing([]));
        Assert.Throws<ArgumentException>(() => new SessionKeyRing(["good", ""]));
    }

    [Fact]
    public void KeysAreDerivedOncePerSalt()
    {
        var keys = new SessionKeyRing(["secret"]);

        Assert.Same(keys.For(Salt), keys.For(Salt));
        Assert.Same(keys.ForV4(), keys.ForV4());
        Assert.NotEqual(keys.For("")[0].Gcm, keys.ForV4()[0].Gcm);
    }

    private static string Write(SessionToken tokens) => tokens.Write(new JsonObject { ["sub"] = "u-1" }, Salt, Now, Now.AddDays(1));
}
