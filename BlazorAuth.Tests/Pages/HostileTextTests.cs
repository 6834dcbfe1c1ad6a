namespace BlazorAuth.Tests.Pages;

/// <summary>What providers, people and devices are called is text, whatever it contains: on every page that shows it.</summary>
public sealed class HostileTextTests
{
    private const string Markup = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}";
    private const string Email = "\"'><svg/onload=alert(3)>@example.com";
    private const string Picture = "https://id.example/a.png?\"><script>alert(4)</script>";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NamesAddressesPicturesAndDevicesAreTextOnEveryPage()
    {
        var (app, fake) = await StartAsync();
        await using var running = app;
        using var browser = app.CreateBrowser();
        await browser.SignInAsync(fake, "acme");
        var other = TestTicket.Of(await browser.UserIdAsync(), app.Clock.GetUtcNow(), "other");
        await app.Sessions.CreateAsync(app.Sessions.Lifetimes.WithTimes(other), new SessionOrigin(Markup), Token);

        var account = await IsTextAsync(browser, "/api/auth/account", Markup, Email);
        Assert.Equal(Picture, Uri.UnescapeDataString(account.Document.QuerySelector(".ba-avatar img")!.GetAttribute("src")!));
        await IsTextAsync(browser, "/api/auth/sessions", Markup);
        await IsTextAsync(browser, "/api/auth/signout", Markup);
        await IsTextAsync(browser, "/api/auth/account/delete", Markup);
    }

    [Fact]
    public async Task TheNameOfAProviderIsTextOnEveryPage()
    {
        var (app, fake) = await StartAsync();
        await using var running = app;
        using var browser = app.CreateBrowser();
        await IsTextAsync(browser, "/api/auth/signin", Markup);
        await IsTextAsync(browser, "/api/auth/signin/evil", Markup);
        var failed = await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync("evil")).Location!, ("error", "server_error"), ("error_description", Markup)));
        Assert.Equal("/api/auth/error", failed.Address.AbsolutePath);
        IsText(failed, Markup);
        await browser.SignInAsync(fake, "evil");
        await IsTextAsync(browser, "/api/auth/account", Markup);
    }

    [Fact]
    public async Task TheQuestionWhetherToConnectIsTextToo()
    {
        var (app, fake) = await StartAsync();
        await using var running = app;
        using var browser = app.CreateBrowser();
        await browser.SignInAsync(fake, "acme");
        var store = app.Services.GetRequiredService<IAccountStore>();
        var user = (await store.FindUserAsync(await browser.UserIdAsync(), Token))!;
        await store.UpdateProfileAsync(user with { EmailVerifiedAt = user.CreatedAt }, Token);
        await browser.PostAsync("/api/auth/signout");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        fake.User["email_verified"] = true;
        var refused = await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync("evil")).Location!));
        IsText(refused, Markup);
        var asked = await browser.ArriveAsync(fake.Answer((await browser.PressAsync(refused, "form[action$='signin/acme'] button")).Location!));
        Assert.Equal("/api/auth/account/link", asked.Address.AbsolutePath);
        IsText(asked, Markup, Email);
    }

    [Theory]
    [InlineData("signin?error={0}&reason={0}&callbackUrl={0}&login_hint={0}")]
    [InlineData("error?error={0}&reason={0}&provider={0}&ref={0}&status={0}&callbackUrl={0}")]
    [InlineData("signout?callbackUrl={0}")]
    [InlineData("verify-request?provider={0}&type={0}")]
    [InlineData("signed-in?x={0}")]
    [InlineData("signin/{0}")]
    public async Task NothingOfAnAddressBecomesMarkup(string address)
    {
        await using var app = (await StartAsync()).App;
        using var browser = app.CreateBrowser();
        IsText(await browser.OpenAsync("/api/auth/" + string.Format(System.Globalization.CultureInfo.InvariantCulture, address, Uri.EscapeDataString(Markup))));
    }

    private static async Task<(AuthApp App, FakeProvider Fake)> StartAsync()
    {
        var fake = new FakeProvider();
        (fake.User["name"], fake.User["email"], fake.User["picture"]) = (Markup, Email, Picture);
        fake.User.Remove("email_verified");
        var app = await fake.StartAppAsync(setup =>
        {
            setup.Options = options =>
            {
                options.Session.FreshFor = Timeout.InfiniteTimeSpan;
                options.Pages.Pictures = true;
                options.Pages.PictureHosts.Add(FakeProvider.Issuer);
            };
            var providers = setup.Providers;
            setup.Providers = builder =>
            {
                providers(builder);
                builder.AddOpenIdConnect("evil", Markup, fake.UseFor);
            };
        });
        return (app, fake);
    }

    private static async Task<Page> IsTextAsync(Browser browser, string address, params string[] shown)
    {
        var page = await browser.OpenAsync(address);
        Assert.Equal(address, page.Address.AbsolutePath);
        IsText(page, shown);
        return page;
    }

    /// <summary>A page has no element and no attribute that one of these texts could have made, and shows the texts as they are.</summary>
    private static void IsText(Page page, params string[] shown)
    {
        Assert.All(shown, text => Assert.Contains(text, page.Document.Body!.TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain(page.Document.All, element => element.Attributes.Any(attribute => attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)));
        Assert.Empty(page.Document.QuerySelectorAll("script:not([src^='/api/auth/assets/']), img[src=x], iframe, object, base, meta[http-equiv]"));
        Assert.DoesNotContain("<script>alert", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img src=x", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<svg/onload", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.All(page.Document.QuerySelectorAll("[href], [src], [action]"), element => Assert.DoesNotMatch(
            "^\\s*(javascript|vbscript):", element.GetAttribute("href") ?? element.GetAttribute("src") ?? element.GetAttribute("action") ?? ""));
    }
}
