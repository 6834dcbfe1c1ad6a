using System.Text.Json.Nodes;
using AngleSharp.Dom;
using BlazorAuth.Pages;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Components;

/// <summary>The widgets, as an interactive page of an app renders them.</summary>
public sealed class WidgetTests : BunitContext
{
    private const char RightToLeftOverride = '\u202E';

    private readonly ComponentLanguage _language;
    private readonly AuthOptions _options = new();

    public WidgetTests()
    {
        var options = Options.Create(_options);
        var languages = new LanguageChoice(options);
        _language = new ComponentLanguage(languages) { Tag = "en" };
        var theme = new AuthTheme(options);
        Services.AddSingleton<IOptions<AuthOptions>>(options);
        Services.AddSingleton(_language);
        Services.AddSingleton(theme);
        Services.AddSingleton(new AuthAssets(theme));
        Services.AddSingleton(new AuthFormToken());
    }

    [Fact]
    public async Task ASignInButtonAloneBringsItsStyleSheet()
    {
        await using var app = await UseProvidersAsync();
        var button = Render<SignInButton>(parameters => parameters.Add(button => button.Provider, "github"));
        Assert.StartsWith("/api/auth/assets/blazorauth.css?v=", button.Find("link[rel=stylesheet]").GetAttribute("href"), StringComparison.Ordinal);
        Assert.Equal("Continue with GitHub", button.Find("form[action='/api/auth/signin/github'] button span:not(.ba-icon)").TextContent);
    }

    [Fact]
    public async Task ASignInButtonShowsTheMarkOfTheApp()
    {
        await using var app = await UseProvidersAsync();
        Assert.NotNull(Render<SignInButton>(parameters => parameters.Add(button => button.Provider, "github")).Find("button svg"));

        _options.Pages.Marks["github"] = "/octopus.svg";
        var button = Render<SignInButton>(parameters => parameters.Add(button => button.Provider, "github")).Find("button");
        Assert.Equal("/octopus.svg", button.QuerySelector("img")!.GetAttribute("src"));
        Assert.Null(button.QuerySelector("svg"));
    }

    [Fact]
    public async Task AButtonSaysAndDoesWhatTheAppWants()
    {
        await using var app = await UseProvidersAsync();
        var widget = Render<SignInButton>(parameters => parameters
            .Add(button => button.ReturnUrl, "/notes").AddChildContent("<em>Come in</em>").AddUnmatched("id", "door"));
        Assert.Equal("Come in", widget.Find("form[action='/api/auth/signin'] button#door em").TextContent);
        Assert.Equal("/notes", widget.Find("input[name=callbackUrl]").GetAttribute("value"));
        Assert.Empty(widget.FindAll("button svg, button [lang]"));
    }

    [Fact]
    public async Task AMenuHasRoomForMoreAndLeadsWhereTheAppWants()
    {
        await using var app = await UseProvidersAsync();
        var menu = Render<UserMenu>(parameters => parameters
            .AddCascadingValue(TestTicket.State(Ticket("Ada Lovelace", null))).Add(menu => menu.ReturnUrl, "/bye").AddChildContent("<a class=\"ba-item\" href=\"settings\">Settings</a>"));
        Assert.Equal(
            ["settings", "/api/auth/account", "/api/auth/sessions"], menu.FindAll(".ba-panel a.ba-item").Select(item => item.GetAttribute("href")));
        Assert.Equal("/bye", menu.Find("form[action='/api/auth/signout'] input[name=callbackUrl]").GetAttribute("value"));
        Assert.Equal("/", Render<UserMenu>(parameters => parameters.AddCascadingValue(TestTicket.State(Ticket("Ada", null))))
            .Find("input[name=callbackUrl]").GetAttribute("value"));
    }

    [Theory]
    [InlineData("https://pictures.example.com/ada.png", "https://pictures.example.com/ada.png")]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("http://pictures.example.com/ada.png", null)]
    [InlineData("https://elsewhere.example.com/ada.png", null)]
    [InlineData(null, null)]
    public async Task OnlyAPictureFromAServerThatTheAppNamesIsShown(string? picture, string? shown)
    {
        await using var app = await UseProvidersAsync(options =>
        {
            options.Pages.Pictures = true;
            options.Pages.PictureHosts.Add("https://pictures.example.com");
        });
        var face = Menu("Ada Lovelace", picture).QuerySelector(".ba-face")!;
        Assert.Equal(shown, face.QuerySelector("img")?.GetAttribute("src"));
        Assert.Equal("AL", face.TextContent.Trim());
    }

    [Fact]
    public async Task NoServerLearnsWhereSomebodyIsUnlessTheAppWantsPictures()
    {
        await using var app = await UseProvidersAsync();
        Assert.Null(Menu("Ada Lovelace", "https://lh3.googleusercontent.com/a/x").QuerySelector("img"));
    }

    [Fact]
    public async Task AHostileNameStaysAName()
    {
        await using var app = await UseProvidersAsync();
        var name = $"{RightToLeftOverride}gnp.exe <b>{string.Concat(Enumerable.Repeat("Wolfeschlegelsteinhausenbergerdorff", 20))}";
        var menu = Menu(name, null);
        var shown = menu.QuerySelector(".ba-who strong bdi")!;
        Assert.StartsWith("gnp.exe <b>Wolfe", shown.TextContent, StringComparison.Ordinal);
        Assert.InRange(shown.TextContent.Length, 1, 81);
        Assert.DoesNotContain(RightToLeftOverride, menu.OuterHtml);
        Assert.Null(menu.QuerySelector("b"));
        Assert.InRange(menu.QuerySelector("button[popovertarget]")!.GetAttribute("aria-label")!.Length, 1, 120);
    }

    [Fact]
    public async Task AMenuIsInTheLanguageOfThePersonAndInItsDirection()
    {
        await using var app = await UseProvidersAsync();
        _language.Tag = "ar";
        var menu = Menu("Ada Lovelace", null);
        Assert.Equal(("ar", "rtl"), (menu.GetAttribute("lang"), menu.GetAttribute("dir")));
        Assert.Equal(LanguageChoice.Read("ar")["SignOut.Submit"], menu.QuerySelector("form button")!.TextContent);
    }

    [Fact]
    public async Task ConfirmingIsAskedForInTheLanguageOfThePerson()
    {
        await using var app = await UseProvidersAsync();
        _language.Tag = "de";
        var button = Confirm("google").Find("button");
        Assert.Equal((LanguageChoice.Read("de")["Fresh.Title"], "de"), (button.TextContent, button.GetAttribute("lang")));
    }

    [Theory]
    [InlineData("google", "/api/auth/signin/google?fresh=true")]
    [InlineData("authjs", "/api/auth/signin?fresh=true")]
    [InlineData("removed", "/api/auth/signin?fresh=true")]
    public async Task WhoseProviderIsGoneConfirmsWithAnother(string provider, string address)
    {
        await using var app = await UseProvidersAsync();
        Assert.Equal(address, Confirm(provider).Find("form").GetAttribute("action"));
    }

    [Theory]
    [InlineData("google", "/api/auth/signin/google?fresh=true&callbackUrl=%2Fsecret")]
    [InlineData("authjs", "/api/auth/signin?fresh=true&callbackUrl=%2Fsecret")]
    public async Task APageAndAnActionThatNeedARecentSignInLeadToAWayThatIsThere(string provider, string address)
    {
        await using var app = await UseProvidersAsync();
        var state = (SessionStateProvider)Services.GetRequiredService<AuthenticationStateProvider>();
        var known = TestTicket.State(Ticket("Ada", null, provider));
        state.SetAuthenticationState(known);
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/secret");
        Render<RedirectToSignIn>(parameters => parameters
            .AddCascadingValue(known).Add(redirect => redirect.RouteData, new RouteData(typeof(Secret), new Dictionary<string, object?>())));
        Assert.Equal(address, new Uri(navigation.Uri).PathAndQuery);

        navigation.NavigateTo("/secret");
        Assert.False(await new FreshSession(state, app.Sessions, Services.GetRequiredService<AuthProviderRegistry>(), navigation).RequireAsync(TimeSpan.FromMinutes(5)));
        Assert.Equal(address, new Uri(navigation.Uri).PathAndQuery);
    }

    [Theory]
    [InlineData("google", "/api/auth/signin/google?callbackUrl=%2F")]
    [InlineData("removed", "/api/auth/signin?callbackUrl=%2F")]
    public async Task TheOverlayLeadsToAWayThatIsThere(string provider, string address)
    {
        await using var app = await UseProvidersAsync();
        var overlay = Render<SessionOverlay>(parameters => parameters.AddCascadingValue(Ticket("Ada", null, provider).Session));
        Assert.Equal(address, overlay.Find("[data-session-expiring] a").GetAttribute("href"));
        Assert.Equal("Time left:", overlay.Find("[data-session-left]").ParentElement!.TextContent.Trim());
    }

    private IRenderedComponent<RequireFresh> Confirm(string provider) => Render<RequireFresh>(parameters => parameters
        .Add(fresh => fresh.Within, TimeSpan.FromMinutes(5))
        .AddCascadingValue(Ticket("Ada", null, provider).Session));

    private IElement Menu(string name, string? picture)
    {
        var state = TestTicket.State(Ticket(name, picture));
        return Render<UserMenu>(parameters => parameters.AddCascadingValue(state)).Find(".ba-menu");
    }

    private async Task<AuthApp> UseProvidersAsync(Action<AuthOptions>? configure = null)
    {
        var app = await AuthApp.StartAsync(setup => setup.Options = configure ?? (_ => { }));
        Services.AddSingleton(app.Services.GetRequiredService<ProfilePictures>());
        Services.AddSingleton(app.Services.GetRequiredService<AuthProviderRegistry>());
        Services.AddSingleton(app.Sessions);
        Services.AddSingleton(app.Services.GetRequiredService<SessionHandover>());
        Services.AddSingleton<AuthenticationStateProvider>(new SessionStateProvider(app.Services.GetRequiredService<CircuitSessions>()));
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        return app;
    }

    private static SessionTicket Ticket(string name, string? picture, string provider = "google") => TestTicket.Of(
        "u1", DateTimeOffset.UnixEpoch, claims: new JsonObject { [AuthClaims.Name] = name, [AuthClaims.Picture] = picture }, provider: provider);

    [RequireFresh(5)]
    private sealed class Secret : ComponentBase;
}
