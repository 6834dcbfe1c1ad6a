using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.Sessions;

/// <summary>A browser that still has the session cookie of next-auth 4.</summary>
public sealed class NextAuth4Tests
{
    private const string Cookie = "next-auth.session-token";

    [Fact]
    public async Task TheCookieBecomesASessionOfOursOnce()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        browser.Cookies[Cookie] = Token(app, "7", "t1");
        Assert.Equal("Ada", await browser.NameAsync());
        Assert.Null(browser.Cookies[Cookie]);
        Assert.NotNull(browser.Cookies[AuthApp.SessionCookie]);
        Assert.Equal("Ada", await browser.NameAsync());
        Assert.Single(await app.Sessions.ListAsync("7", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ACopyIsDeadOnceTheSessionWasSignedOut()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        var token = browser.Cookies[Cookie] = Token(app, "7", "t1");
        Assert.Equal("Ada", await browser.NameAsync());
        await browser.FetchFormAsync("/api/auth/signout", []);
        using var copy = app.CreateBrowser();
        copy.Cookies[Cookie] = token;
        Assert.Equal("null", await copy.SessionAsync());

        // One that was minted before it is no better.
        copy.Cookies[Cookie] = Token(app, "7", "t0");
        Assert.Equal("null", await copy.SessionAsync());
    }

    // Somebody has a copy of the cookie of another device. The owner has moved already, by a cookie of their own, and perhaps has been here for a while.
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task ACopyThatWasNeverUsedHereIsDeadAfterASignOutEverywhere(bool hasMoved, bool isRenewed)
    {
        await using var app = await StartAsync();
        var token = Token(app, "7", "t0");
        using var laptop = app.CreateBrowser();
        if (hasMoved)
        {
            laptop.Cookies[Cookie] = Token(app, "7", "t1");
            Assert.Equal("Ada", await laptop.NameAsync());
        }

        if (isRenewed)
        {
            app.Clock.Advance(TimeSpan.FromDays(2));
            Assert.Equal("Ada", await laptop.NameAsync());
        }

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.Sessions.RevokeUserAsync("7", RevocationReason.SignedOut, TestContext.Current.CancellationToken);
        app.Clock.Advance(TimeSpan.FromDays(3));
        using var copy = app.CreateBrowser();
        copy.Cookies[Cookie] = token;
        Assert.Equal("null", await copy.SessionAsync());

        // What the old app writes from now on counts.
        copy.Cookies[Cookie] = Token(app, "7", "t2");
        Assert.Equal("Ada", await copy.NameAsync());
    }

    [Fact]
    public async Task WithoutTheOptionItIsNothing()
    {
        await using var app = await StartAsync(accepts: false);
        using var browser = app.CreateBrowser();
        browser.Cookies[Cookie] = Token(app, "7", "t1");
        Assert.Equal("null", await browser.SessionAsync());
        Assert.NotNull(browser.Cookies[Cookie]);
    }

    /// <summary>Another site of the domain can set a cookie of this name; it must not replace who is signed in.</summary>
    [Fact]
    public async Task ASessionOfOursGoesFirstAndOfTwoOldOnesNeitherCounts()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google", "grace");
        browser.Cookies[Cookie] = Token(app, "7", "t1");
        Assert.Equal("Grace Hopper", await browser.NameAsync());

        using var other = app.CreateBrowser();
        var message = other.Message(HttpMethod.Get, new Uri(app.Address, "/page"), "none");
        message.Headers.Add("Cookie", $"{Cookie}={Token(app, "7", "t2")}; {Cookie}={Token(app, "8", "t3")}");
        Assert.Equal("nobody", (await other.SendAsync(message)).Text);
    }

    // The tag at the end has 22 characters. With as many in the last chunk, or fewer, the others look like a whole token.
    [Theory]
    [InlineData(1)]
    [InlineData(22)]
    [InlineData(23)]
    [InlineData(1000)]
    public async Task WhatCameInTwoChunksIsReadWhereverItWasCut(int lastChunk)
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        var token = Token(app, "7", "t1", fill: new string('x', 5000));
        var cut = token.Length - lastChunk;
        (browser.Cookies[Cookie + ".0"], browser.Cookies[Cookie + ".1"]) = (token[..cut], token[cut..]);

        Assert.Equal("Ada", await browser.NameAsync());
        Assert.DoesNotContain(browser.Cookies.All, cookie => cookie.Name.StartsWith(Cookie, StringComparison.Ordinal));
        Assert.Equal("Ada", await browser.NameAsync());
    }

    // A neighbour's garbage says nothing. What decrypts may be somebody's, even if its time is over.
    [Theory]
    [InlineData("garbage", true)]
    [InlineData("expired", false)]
    public async Task OnlyOneThatDecryptsCountsAndOnlyAlone(string neighbour, bool counts)
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        var other = neighbour == "garbage" ? neighbour : Token(app, "8", "t2", shift: TimeSpan.FromDays(-31));
        var message = browser.Message(HttpMethod.Get, new Uri(app.Address, "/page"), "none");
        message.Headers.Add("Cookie", $"{Cookie}={other}; {Cookie}={Token(app, "7", "t1")}");

        Assert.Equal(counts ? "Ada" : "nobody", (await browser.SendAsync(message)).Text);
    }

    [Fact]
    public async Task AClockThatIsInDoubtEndsNone()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        browser.Cookies[Cookie] = Token(app, "7", "t1", shift: TimeSpan.FromHours(1) - TimeSpan.FromDays(30));
        app.Services.GetRequiredService<SharedClock>().Saw(app.Clock.GetUtcNow().AddHours(3));

        Assert.Equal("Ada", await browser.NameAsync());
    }

    [Theory]
    [InlineData("another secret that is long enough", 0)]
    [InlineData(AuthApp.Secret, -31)]
    public async Task AForgedOrAnOldOneIsNothing(string secret, int days)
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        browser.Cookies[Cookie] = Token(app, "7", "t1", secret, TimeSpan.FromDays(days));
        Assert.Equal("null", await browser.SessionAsync());
    }

    // next-auth seals its state and PKCE cookies with the same key as its sessions, and its versions before 4.24.5 took them for sessions.
    [Theory]
    [InlineData("""{"state":"a-random-state"}""")]
    [InlineData("""{"code_verifier":"a-random-verifier"}""")]
    [InlineData("""{"nonce":"a-random-nonce","email":"ada@example.com"}""")]
    [InlineData("""{"state":"a-random-state","sub":""}""")]
    [InlineData("""{"state":"a-random-state","sub":null,"name":"Ada"}""")]
    [InlineData("""{"state":"a-random-state","sub":7}""")]
    public async Task AStateOrAVerifierIsNoSession(string claims)
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        browser.Cookies[Cookie] = Seal(app, JsonNode.Parse(claims)!.AsObject());
        Assert.Equal("null", await browser.SessionAsync());
        Assert.Equal("nobody", (await browser.GetAsync("/page")).Text);
    }

    [Fact]
    public async Task SomebodyWhoIsBannedGetsNoSessionOfIt()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await app.Services.GetRequiredService<AccountImport>().RunAsync(
            new[] { new ImportedUser { Id = "7", Accounts = [new("google", "42")] } }.ToAsyncEnumerable(), null, TestContext.Current.CancellationToken);
        await app.Services.GetRequiredService<AccountManager>().BanAsync("7", DateTimeOffset.MaxValue, null, TestContext.Current.CancellationToken);
        browser.Cookies[Cookie] = Token(app, "7", "t1");
        Assert.Equal("null", await browser.SessionAsync());
    }

    [Fact]
    [Needs(Needs.Node)]
    public async Task OneThatTheRealLibraryWroteIsRead()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        var token = await ServerProcess.RunAsync(await Npm.ScriptAsync("auth-v4.mjs", AuthApp.Secret, """{"name":"Ada","email":"ada@example.com","sub":"7"}"""));
        browser.Cookies[Cookie] = token.Trim();
        Assert.Equal("Ada", await browser.NameAsync());
    }

    private static Task<AuthApp> StartAsync(bool accepts = true) => AuthApp.StartAsync(setup => setup.Options = options => options.Session.AcceptNextAuth4Cookies = accepts);

    /// <summary>What next-auth 4 writes (docs/contract/session-token.md §11).</summary>
    internal static string Token(AuthApp app, string user, string id, string secret = AuthApp.Secret, TimeSpan shift = default, string? fill = null)
    {
        return Seal(app, new JsonObject { ["name"] = "Ada", ["email"] = "ada@example.com", ["sub"] = user, ["jti"] = id, ["fill"] = fill }, secret, shift);
    }

    private static string Seal(AuthApp app, JsonObject claims, string secret = AuthApp.Secret, TimeSpan shift = default)
    {
        var now = app.Clock.GetUtcNow() + shift;
        (claims["iat"], claims["exp"], claims["jti"]) = (now.ToUnixTimeSeconds(), now.AddDays(30).ToUnixTimeSeconds(), claims["jti"]?.DeepClone() ?? "t1");
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, [], Encoding.UTF8.GetBytes("NextAuth.js Generated Encryption Key"));
        var header = Base64Url.EncodeToString("""{"alg":"dir","enc":"A256GCM"}"""u8);
        var (iv, plain, tag) = (RandomNumberGenerator.GetBytes(12), Encoding.UTF8.GetBytes(claims.ToJsonString()), new byte[16]);
        var text = new byte[plain.Length];
        using var aes = new AesGcm(key, 16);
        aes.Encrypt(iv, plain, text, tag, Encoding.ASCII.GetBytes(header));
        return $"{header}..{Base64Url.EncodeToString(iv)}.{Base64Url.EncodeToString(text)}.{Base64Url.EncodeToString(tag)}";
    }
}
