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
            Assert.Equal(status, (int)page.Status);
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
    [InlineData("nonsense", 500)]
    public async Task AReasonHasAStatusOfItsOwn(string reason, int status)
    {
        using var browser = plain.App.CreateBrowser();
        var page = await browser.GetAsync($"/api/auth/error?error=Configuration&reason={reason}");
        Assert.Equal(status, (int)page.Status);
        Assert.NotEmpty(page.Document.QuerySelector("[role=alert]")!.TextContent);
    }

    [Theory]
    [InlineData("ABCD2345", true)]
    [InlineData("ABCD234", false)]
    [InlineData("ABCD23456", false)]
    [InlineData("ABCD-345", false)]
    public async Task OnlyAReferenceThatMayBeOursIsShown(string reference, bool isShown)
    {
        using var browser = plain.App.CreateBrowser();
        var page = await browser.GetAsync($"/api/auth/error?error=AccessDenied&reference={reference}");
        Assert.Equal(isShown, page.Document.Body!.TextContent.Contains(reference, StringComparison.Ordinal));
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
}
