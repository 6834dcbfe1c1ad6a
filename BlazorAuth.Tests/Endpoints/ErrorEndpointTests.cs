namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>GET error</c>: what went wrong and what to do.</summary>
public sealed class ErrorEndpointTests(PlainApp plain) : IClassFixture<PlainApp>
{
    [Fact]
    public async Task AFailureIsNamedWithItsStatusAndAWayOut()
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        foreach (var (code, status) in new[] { ("Configuration", 500), ("AccessDenied", 403), ("Verification", 403), ("<script>", 200) })
        {
            var page = await browser.GetAsync($"/api/auth/error?error={Uri.EscapeDataString(code)}&provider=nobody&reference=%3Cscript%3E&reason=99");
            Assert.Equal(200, (int)page.Status);
            Assert.Equal(status, (int)(await browser.GetAsync(Sealed(app, code, AuthErrorReason.None))).Status);
            Assert.NotEmpty(page.Document.QuerySelector("[role=alert]")!.TextContent);
            Assert.DoesNotContain("<script>", page.Text, StringComparison.Ordinal);
            Assert.NotNull(page.Document.QuerySelector("a[href*='/api/auth/signin']"));
        }
    }

    [Theory]
    [InlineData("/api/auth/error")]
    [InlineData("/api/auth/signin")]
    public async Task OnlyAReasonBesideACodeOfOursIsBelieved(string address)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var foreign = await browser.OpenAsync(address + "?error=call-0900&reason=Expired");
        Assert.DoesNotContain("call-0900", foreign.Document.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Sign-in didn’t work", foreign.Document.Body.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("That took too long", foreign.Document.Body.TextContent, StringComparison.Ordinal);

        var ours = await browser.OpenAsync(address + "?error=Configuration&reason=Expired");
        Assert.Contains("That took too long", ours.Document.Body!.TextContent, StringComparison.Ordinal);
        var number = await browser.OpenAsync(address + "?error=Configuration&reason=3");
        Assert.DoesNotContain("That took too long", number.Document.Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Expired", 400)]
    [InlineData("CookieLost", 400)]
    [InlineData("AlreadyUsed", 400)]
    [InlineData("ProviderAnswer", 400)]
    [InlineData("IssuerMismatch", 400)]
    [InlineData("ProviderUnavailable", 503)]
    [InlineData("StoreUnavailable", 503)]
    [InlineData("TooManyAttempts", 429)]
    [InlineData("CookieConflict", 400)]
    [InlineData("None", 500)]
    public async Task AReasonHasAStatusOfItsOwn(string reason, int status)
    {
        using var browser = plain.App.CreateBrowser();
        var page = await browser.GetAsync(Sealed(plain.App, "Configuration", Enum.Parse<AuthErrorReason>(reason)));
        Assert.Equal(status, (int)page.Status);
        Assert.NotEmpty(page.Document.QuerySelector("[role=alert]")!.TextContent);
    }

    // Anybody can write an address and send it to somebody: the page shows only what the app itself put there.
    [Theory]
    [InlineData("/api/auth/error", "Configuration", "StoreUnavailable")]
    [InlineData("/api/auth/signin", "OAuthCallbackError", "ProviderRefused")]
    public async Task AReferenceAndAStatusThatTheAppDidNotWriteAreNotShown(string path, string code, string reason)
    {
        using var browser = plain.App.CreateBrowser();
        var ours = Sealed(plain.App, code, Enum.Parse<AuthErrorReason>(reason));
        Assert.StartsWith("http://localhost" + path + "?", ours, StringComparison.Ordinal);
        var shown = await browser.GetAsync(ours);
        Assert.Contains("ABCD2345", shown.Document.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(path.EndsWith("error", StringComparison.Ordinal) ? 503 : 200, (int)shown.Status);

        foreach (var forged in (string[])
            [
                $"{path}?error={code}&reason={reason}&reference=CALL0900",
                $"{path}?error={code}&reason={reason}&reference=ABCD2345&seal=AAAAAAAAAAAAAAAA",
                ours.Replace("ABCD2345", "CALL0900", StringComparison.Ordinal),
                ours.Replace(code, "AccessDenied", StringComparison.Ordinal),
                ours.Replace(reason, "Expired", StringComparison.Ordinal),
            ])
        {
            var page = await browser.GetAsync(forged);
            Assert.Equal(200, (int)page.Status);
            Assert.DoesNotContain("CALL0900", page.Document.Body!.TextContent, StringComparison.Ordinal);
            Assert.DoesNotContain("ABCD2345", page.Document.Body.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AfterARotationWhatTheOldSecretSealedIsStillShown()
    {
        var ours = Sealed(plain.App, "Configuration", AuthErrorReason.Expired);
        await using var rotated = await AuthApp.StartAsync(setup => setup.Settings["AUTH_SECRET_1"] = "another-secret-of-the-tests-that-is-long-enough");
        using var browser = rotated.CreateBrowser();
        Assert.Contains("ABCD2345", (await browser.GetAsync(ours)).Document.Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Development", true)]
    [InlineData("Production", false)]
    public async Task TheCodeIsForDevelopersOnly(string environment, bool isShown)
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            (setup.Environment, setup.StandIns, setup.Providers) = (environment, false, _ => { });
            setup.Settings["AUTH_URL"] = "http://localhost";
        });
        using var browser = app.CreateBrowser();
        var page = await browser.GetAsync("/api/auth/error?error=Configuration&reason=IssuerMismatch");
        Assert.Equal(isShown, page.Document.Body!.TextContent.Contains("Configuration IssuerMismatch", StringComparison.Ordinal));
    }

    private static string Sealed(AuthApp app, string code, AuthErrorReason reason) =>
        app.ErrorAddress(code, new AuthFailure(reason, "google", null, "ABCD2345"));
}
