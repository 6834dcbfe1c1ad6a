namespace BlazorAuth.Tests.Pages;

/// <summary>What pages say and show of what came of something.</summary>
public sealed class OutcomeTests(PlainApp plain) : IClassFixture<PlainApp>
{
    private const string Reference = "ABCD2345";

    [Theory]
    [InlineData("Configuration", "Cancelled", "", false)]
    [InlineData("Configuration", "Expired", "ba-wait", true)]
    [InlineData("Configuration", "StoreUnavailable", "ba-wait", true)]
    [InlineData("Configuration", "TooManyAttempts", "ba-wait", true)]
    [InlineData("Configuration", "ProviderUnavailable", "ba-fault", true)]
    [InlineData("Configuration", "IssuerMismatch", "ba-fault", true)]
    [InlineData("Configuration", "None", "ba-fault", true)]
    [InlineData("AccessDenied", "None", "", true)]
    public async Task EveryKindOfFailureHasItsMarkAndACancelledOneNoReference(string code, string reason, string mark, bool hasReference)
    {
        using var browser = plain.App.CreateBrowser();
        var failure = new AuthFailure(Enum.Parse<AuthErrorReason>(reason), "github", null, Reference);
        var page = (await browser.GetAsync(plain.App.ErrorAddress(code, failure))).Document;
        Assert.Equal($"ba-kind {mark}".Trim(), page.QuerySelector(".ba-outcome > .ba-kind")!.ClassName!.Trim());
        Assert.NotNull(page.QuerySelector(".ba-outcome .ba-kind svg[aria-hidden=true]"));
        Assert.Equal(hasReference, page.Body!.TextContent.Contains(Reference, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhoMayNotOpenAPageIsToldWhoTheyAreAndCanUseAnotherAccount()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth => auth.Pages.PageName = page => page.Path == "/me" ? "Reports" : null);
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");

        var page = await browser.GetAsync(app.ErrorAddress("AccessDenied", new AuthFailure(AuthErrorReason.None, null, "/me", "")));

        Assert.Equal(403, (int)page.Status);
        Assert.Equal("No access", page.Document.QuerySelector("h1")!.TextContent);
        var main = page.Document.QuerySelector("main")!;
        Assert.StartsWith("You’re signed in as Ada Lovelace. This account can’t open ", main.QuerySelector(".ba-lead")!.TextContent, StringComparison.Ordinal);
        var other = main.QuerySelector("a.ba-primary")!;
        Assert.Equal(("Use another account", "/api/auth/signin"), (other.TextContent, new Uri(app.Address, other.GetAttribute("href")).AbsolutePath));
        Assert.Equal(new Uri(app.Address, "/me").AbsoluteUri, Page.Query(new Uri(app.Address, other.GetAttribute("href")), "callbackUrl"));
        Assert.Equal(("Go home", "/"), (main.QuerySelector(".ba-more a")!.TextContent, main.QuerySelector(".ba-more a")!.GetAttribute("href")));
    }

    [Fact]
    public async Task NobodyIsNamedToWhomASignInWasDeniedOrWhoIsNotSignedIn()
    {
        using var stranger = plain.App.CreateBrowser();
        Assert.Contains("This account doesn’t have access.", (await stranger.OpenAsync("/api/auth/error?error=AccessDenied")).Document.Body!.TextContent, StringComparison.Ordinal);
        using var ada = plain.App.CreateBrowser();
        await ada.SignInAsync("github");
        var denied = (await ada.OpenAsync("/api/auth/error?error=AccessDenied&provider=google")).Document.Body!.TextContent;
        Assert.DoesNotContain("Ada", denied, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AForbiddenPageIsNamedByTheErrorPage()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Map = app => Microsoft.AspNetCore.Builder.AuthorizationEndpointConventionBuilderExtensions.RequireAuthorization(
            Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions.MapGet(app, "/admin", () => "secret"), policy => policy.RequireRole("admin")));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        var page = await browser.OpenAsync("/admin?tab=1");
        Assert.Equal("AccessDenied", page.Query("error"));
        Assert.Equal(new Uri(app.Address, "/admin?tab=1").AbsoluteUri, Page.Query(new Uri(app.Address, page.Document.QuerySelector("a.ba-primary")!.GetAttribute("href")), "callbackUrl"));
    }

    [Fact]
    public async Task AfterTooManyAttemptsTheTimeLeftIsCountedDown()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.RateLimit.PermitLimit = 1);
        using var browser = app.CreateBrowser();
        await browser.PostAsync("/api/auth/signin/google");
        var page = await browser.PostAsync("/api/auth/signin/google");
        var wait = page.Document.QuerySelector("[data-ba-wait]")!;
        Assert.Equal(page.Header("Retry-After"), wait.GetAttribute("data-ba-wait"));
        Assert.Matches(@"^You can try again in [01]:\d\d\.$", wait.TextContent.Trim());
        Assert.Equal("You can try again now.", wait.GetAttribute("data-ba-over"));
    }

    [Fact]
    public async Task ADeviceThatWasSignedOutIsNamedToItsOwnerAndOnlyAtOnce()
    {
        await using var app = await AuthApp.StartAsync();
        using var here = app.CreateBrowser();
        using var there = app.CreateBrowser();
        using var grace = app.CreateBrowser();
        await here.SignInAsync("github");
        await there.SignInAsync("github");
        await grace.SignInAsync("google", person: "grace");
        var list = await here.OpenAsync("/api/auth/sessions");
        var row = list.Document.QuerySelectorAll(".ba-device")[1];
        Assert.Equal("Sign out of Chrome on Linux? You’ll need to sign in again there.", row.QuerySelector("form p")!.TextContent);
        Assert.Equal(["Sign out", "Sign out of Chrome on Linux", "Cancel"], row.QuerySelectorAll("summary span:not(:has(span))").Select(text => text.TextContent));

        var done = await here.PressAsync(list, ".ba-device form button");

        Assert.Equal("You’ve signed out of Chrome on Linux.", done.Document.QuerySelector("[role=status][data-ba-focus]")!.TextContent.Trim());
        Assert.Null((await grace.OpenAsync(done.Address.PathAndQuery)).Document.QuerySelector(".ba-message"));
        app.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Null((await here.OpenAsync(done.Address.PathAndQuery)).Document.QuerySelector(".ba-message"));
    }

    [Fact]
    public async Task TheIconOfTheAppStaysInTheTab()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "wwwroot"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "wwwroot", "favicon.png"), "", TestContext.Current.CancellationToken);
        await using var app = await AuthApp.StartAsync(setup => setup.ContentRoot = folder.Path);
        Assert.Equal("/favicon.png", await IconAsync(app));
        await using var own = await AuthApp.StartAsync(setup => setup.Options = auth => auth.Pages.Icon = "https://cdn.example.com/icon.svg");
        Assert.Equal("https://cdn.example.com/icon.svg", await IconAsync(own));
        using var empty = new TempFolder();
        await using var none = await AuthApp.StartAsync(setup => (setup.ContentRoot, setup.Options) = (empty.Path, auth => auth.Pages.Logo = "/logo.svg"));
        Assert.Equal("/logo.svg", await IconAsync(none));

        static async Task<string?> IconAsync(AuthApp app)
        {
            using var browser = app.CreateBrowser();
            var page = await browser.OpenAsync("/api/auth/signin");
            var icon = page.Document.QuerySelector("link[rel=icon]")!.GetAttribute("href")!;
            Assert.Contains(icon.StartsWith('/') ? "img-src 'self'" : new Uri(icon).GetLeftPart(UriPartial.Authority), page.Header("Content-Security-Policy"), StringComparison.Ordinal);
            return icon;
        }
    }

    [Fact]
    public async Task TheNameOfTheAppIsNotSaidTwice()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth => auth.Pages.AppName = "Reports");
        using var browser = app.CreateBrowser();
        foreach (var (address, isHidden) in new[] { ("/api/auth/signin", true), ("/api/auth/error", false) })
        {
            var page = (await browser.OpenAsync(address)).Document;
            Assert.Equal(isHidden, page.QuerySelector("h1")!.TextContent.Contains("Reports", StringComparison.Ordinal));
            Assert.Equal(isHidden, page.QuerySelector(".ba-brand > span:last-child")!.ClassList.Contains("ba-hidden"));
        }
    }
}
