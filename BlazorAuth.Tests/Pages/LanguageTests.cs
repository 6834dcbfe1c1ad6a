namespace BlazorAuth.Tests.Pages;

public sealed class LanguageTests
{
    [Theory]
    [InlineData("de-AT,de;q=0.9,en;q=0.8", "de", "ltr")]
    [InlineData("ar-EG", "ar", "rtl")]
    [InlineData("pt-PT", "pt-BR", "ltr")]
    [InlineData("zh-CN", "zh-Hans", "ltr")]
    [InlineData("zh-TW, en;q=0.5", "en", "ltr")]
    [InlineData("nl, fr;q=0.3", "fr", "ltr")]
    [InlineData("xx", "en", "ltr")]
    [InlineData("not a header;;;q=x", "en", "ltr")]
    public async Task TheBrowsersLanguageIsSpoken(string accepted, string language, string direction)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var page = await OpenAsync(app, browser, "/api/auth/signin", accepted);
        var html = page.Document.DocumentElement;
        Assert.Equal((language, direction), (html.GetAttribute("lang"), html.GetAttribute("dir")));
    }

    [Fact]
    public async Task ALanguageThatWasChosenIsKept()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var chosen = await OpenAsync(app, browser, "/api/auth/signin?ui_locales=nl%20ja", "de");
        Assert.Equal("ja", chosen.Document.DocumentElement.GetAttribute("lang"));
        Assert.Equal("ja", browser.Cookies["blazorauth.language"]);
        Assert.Equal("ja", (await OpenAsync(app, browser, "/api/auth/error?error=AccessDenied", "de")).Document.DocumentElement.GetAttribute("lang"));
    }

    [Fact]
    public async Task AnAppSaysThingsItsOwnWayAndAddsALanguage()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth => auth.Pages.Texts
            .Set("en", "SignIn.Heading", "Welcome back")
            .Add("nl", "Nederlands", new Dictionary<string, string> { ["SignIn.Heading"] = "Welkom terug" }));
        using var browser = app.CreateBrowser();
        Assert.Equal("Welcome back", (await OpenAsync(app, browser, "/api/auth/signin", "en")).Document.QuerySelector("h1")!.TextContent);
        var dutch = await OpenAsync(app, browser, "/api/auth/signin", "nl");
        Assert.Equal("nl", dutch.Document.DocumentElement.GetAttribute("lang"));
        Assert.Equal("Welkom terug", dutch.Document.QuerySelector("h1")!.TextContent);
        Assert.Contains("Continue with Google", dutch.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("de", "de")]
    [InlineData("fr", "ja")]
    [InlineData("xx", "ja")]
    public async Task AnAppOffersSomeLanguagesAndChoosesForTheRest(string accepted, string language)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth =>
        {
            auth.Pages.Texts.Offered.Add("de");
            auth.Pages.Texts.Offered.Add("ja");
            auth.Pages.Texts.Default = "ja";
        });
        using var browser = app.CreateBrowser();
        Assert.Equal(language, (await OpenAsync(app, browser, "/api/auth/signin", accepted)).Document.DocumentElement.GetAttribute("lang"));
    }

    [Fact]
    public async Task ATextThatNoPageShowsStopsTheStart()
    {
        var refusal = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup => setup.Options = auth => auth.Pages.Texts.Set("en", "SignIn.Haeding", "Hello")));
        Assert.Contains("SignIn.Haeding", refusal.Message, StringComparison.Ordinal);
    }

    private static Task<Page> OpenAsync(AuthApp app, Browser browser, string address, string accepted)
    {
        var message = browser.Message(HttpMethod.Get, new Uri(app.Address, address), "none");
        message.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        return browser.SendAsync(message);
    }
}
