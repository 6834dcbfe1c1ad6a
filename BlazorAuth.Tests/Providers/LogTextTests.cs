namespace BlazorAuth.Tests.Providers;

/// <summary>What comes from outside and may stand in the log.</summary>
public sealed class LogTextTests
{
    private const string Token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl";

    [Theory]
    [InlineData(null, "")]
    [InlineData("RS256", "RS256")]
    [InlineData("1b94c9e2-97c5-4f0b-a1d8-2d8c9e1f2a3b", "1b94c9e2-97c5-4f0b-a1d8-2d8c9e1f2a3b")]
    [InlineData("a\nb\u2028c", "a?b?c")]
    [InlineData("key of ada@example.com", "key of …")]
    [InlineData("ada%40example.com", "…")]
    [InlineData("key " + Token, "key …")]
    public void AddressesAndTokensAreLeftOut(string? text, string printed) => Assert.Equal(printed, LogText.Printable(text));

    [Fact]
    public void ATextIsCut() => Assert.Equal(new string('x', 200) + "…", LogText.Printable(new string('x', 5000)));

    [Theory]
    [InlineData("https://id.example/realms/one", "https://id.example/realms/one")]
    [InlineData("https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0")]
    [InlineData("https://id.example/?code=" + Token, "https://id.example/")]
    [InlineData("https://id.example/#" + Token, "https://id.example/")]
    [InlineData("https://id.example/" + Token, "https://id.example/…")]
    [InlineData("https://ada:secret@id.example/", "https://ada:…")]
    [InlineData("ada@example.com", "(no web address)")]
    [InlineData(Token, "(no web address)")]
    [InlineData("", "(no web address)")]
    [InlineData(null, "(no web address)")]
    public void AnIssuerIsAWebAddressAlone(string? issuer, string printed) => Assert.Equal(printed, LogText.Issuer(issuer));

    // What a provider says in the place of an error code, in answers to this server and through the browser.
    [Fact]
    public async Task NothingPersonalOfAProvidersErrorReachesTheLog()
    {
        var fake = new OpenIdFake();
        fake.Discovery["pushed_authorization_request_endpoint"] = "https://id.example/par";
        fake.Hooks["/par"] = _ => OpenIdFake.Error($"unknown user ada@example.com, token {Token}");
        await using var app = await fake.StartAsync();
        using var browser = app.CreateBrowser();
        var started = await browser.StartSignInAsync("work");
        Assert.Contains(app.Logs.Own, line => line.Event.Id is 316 or 319);
        await browser.ArriveAsync(fake.Answer(started.Location!, ("iss", $"ada@example.com {Token}")));
        Assert.Contains(app.Logs.Own, line => line.Text.Contains("(no web address)", StringComparison.Ordinal));
        app.Logs.AssertHoldsNone(["ada@example.com", "eyJhbGciOiJSUzI1NiJ9"]);
    }
}
