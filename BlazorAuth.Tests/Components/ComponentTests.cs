using BlazorAuth.Pages;
using System.Text.Json.Nodes;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace BlazorAuth.Tests.Components;

/// <summary>The headless components, as an interactive page renders them.</summary>
public sealed class ComponentTests : BunitContext
{
    private readonly AuthFormToken _token = new();

    public ComponentTests()
    {
        Services.AddSingleton(_token);
        Services.AddSupplyValueFromQueryProvider();
    }

    [Fact]
    public void ASignInFormPostsToItsProviderAndComesBackToThePage()
    {
        Navigate("notes?x=1");
        var form = Render<SignInForm>(parameters => parameters
            .Add(component => component.Provider, "my idp").AddChildContent("<button>Go</button>").AddUnmatched("id", "f")).Find("form");
        Assert.Equal("post", form.GetAttribute("method"));
        Assert.Equal("/api/auth/signin/my%20idp", form.GetAttribute("action"));
        Assert.Equal("f", form.GetAttribute("id"));
        Assert.Equal("/notes?x=1", form.QuerySelector("input[name=callbackUrl]")!.GetAttribute("value"));
        Assert.Null(form.QuerySelector("input[name=csrfToken]"));
        Assert.NotNull(form.QuerySelector("button"));
        Assert.Equal("/api/auth/signin", Render<SignInForm>().Find("form").GetAttribute("action"));
    }

    [Fact]
    public void ASignOutFormCarriesTheTokenAndFollowsThePage()
    {
        _token.Value = "the-token";
        var view = Render<SignOutForm>();
        Assert.Equal("/api/auth/signout", view.Find("form").GetAttribute("action"));
        Assert.Equal("the-token", view.Find("input[name=csrfToken]").GetAttribute("value"));

        // A layout outlives the page.
        Navigate("another");
        Assert.Equal("/another", view.Find("input[name=callbackUrl]").GetAttribute("value"));
        Assert.Equal("/bye", Render<SignOutForm>(parameters => parameters.Add(form => form.ReturnUrl, "/bye")).Find("input[name=callbackUrl]").GetAttribute("value"));
        Assert.Equal("leave", Render<SignOutForm>(parameters => parameters.AddUnmatched("class", "leave")).Find("form[method=post]").ClassName);
    }

    // A path of the app is one below its path base, whether or not the app's code says so.
    [Theory]
    [InlineData("/", "/shop/")]
    [InlineData("/notes?x=1", "/shop/notes?x=1")]
    [InlineData("/shop/notes", "/shop/notes")]
    [InlineData("/shopping", "/shop/shopping")]
    [InlineData("https://front.example/", "https://front.example/")]
    [InlineData(null, "/shop/here")]
    public void BelowAPathBaseAReturnAddressIsBelowItToo(string? returnUrl, string expected)
    {
        Services.AddSingleton<NavigationManager>(new BelowAPath());
        Assert.Equal(expected, Render<SignInForm>(parameters => parameters.Add(form => form.ReturnUrl, returnUrl)).Find("input[name=callbackUrl]").GetAttribute("value"));
        Assert.Equal(expected, Render<SignOutForm>(parameters => parameters.Add(form => form.ReturnUrl, returnUrl)).Find("input[name=callbackUrl]").GetAttribute("value"));
    }

    [Fact]
    public async Task ProvidersAreListedInOrder()
    {
        await using var app = await UseProvidersAsync();
        var list = Render<ProviderList>(parameters => parameters.Add(list => list.ChildContent, (AuthProvider provider) => $"<i>{provider.Id} {provider.DisplayName}</i>"));
        Assert.Equal(["google Google", "github GitHub", "oidc OpenID Connect"], list.FindAll("i").Select(item => item.TextContent));
    }

    [Fact]
    public async Task AnErrorIsShownInWordsAndNothingWithoutOne()
    {
        await using var app = await UseProvidersAsync();
        RenderFragment<SignInFailure> content = failure => builder => builder.AddMarkupContent(
            0, $"<p>{failure.Title}</p><em>{failure.Message}</em><i>{failure.Provider?.Id}</i><b>{failure.Reference}</b><u>{failure.Reason}</u>");
        var view = Render<SignInError>(parameters => parameters.Add(error => error.ChildContent, content));
        Assert.Empty(view.Markup.Trim());

        Navigate(new Uri(app.Services.GetRequiredService<PageAddresses>().Error(
            new PublicAddress("http", new Microsoft.AspNetCore.Http.HostString("localhost"), default), AuthError.OAuthCallbackError,
            new AuthFailure(AuthErrorReason.Cancelled, "google", null, "ABCD2345"))).Query);
        view = Render<SignInError>(parameters => parameters.Add(error => error.ChildContent, content));
        Assert.Equal(("Sign-in cancelled", "google", "ABCD2345", "Cancelled"), (view.Find("p").TextContent, view.Find("i").TextContent, view.Find("b").TextContent, view.Find("u").TextContent));

        Assert.NotEmpty(view.Find("em").TextContent);

        // Anybody may write an address.
        Navigate("?error=OAuthCallbackError&reason=Cancelled&provider=google&reference=ABCD2345");
        view = Render<SignInError>(parameters => parameters.Add(error => error.ChildContent, content));
        Assert.Equal(("Sign-in cancelled", ""), (view.Find("p").TextContent, view.Find("b").TextContent));
        Navigate("?error=%3Cscript%3E&reason=99&provider=nobody&reference=%3Cscript%3E");
        view = Render<SignInError>(parameters => parameters.Add(error => error.ChildContent, content));
        Assert.Equal(("", "", "None"), (view.Find("i").TextContent, view.Find("b").TextContent, view.Find("u").TextContent));
        Assert.DoesNotContain("script", view.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void ASessionViewShowsTheRightContentFromTheFirstMoment()
    {
        var rendered = new List<string>();
        Assert.Equal("in Ada", View(rendered, State("Ada")).Markup);
        Assert.Equal("out", View(rendered, State(null)).Markup);
        Assert.DoesNotContain("loading", rendered);
    }

    [Fact]
    public async Task ASessionViewWaitsForAStateThatIsNotKnown()
    {
        var rendered = new List<string>();
        var state = new TaskCompletionSource<AuthenticationState>();
        var view = View(rendered, state.Task);
        Assert.Equal("loading", view.Markup);
        state.SetResult(await State("Ada"));
        await view.WaitForAssertionAsync(() => Assert.Equal("in Ada", view.Markup));
        Assert.Equal(["loading", "in"], rendered.Distinct());
    }

    [Fact]
    public void ASessionViewTurnsWhenTheStateDoes()
    {
        var rendered = new List<string>();
        var view = View(rendered, State("Ada"));
        var content = view.Instance.ChildContent;
        view.Render(parameters => parameters.Add(cascading => cascading.Value, State(null)).Add(cascading => cascading.ChildContent, content));
        Assert.Equal("out", view.Markup);
        Assert.DoesNotContain("loading", rendered);
    }

    [Fact]
    public void ASessionViewNamesWhatIsMissing()
    {
        Assert.Contains("AddBlazorAuth", Assert.Throws<InvalidOperationException>(() => Render<SessionView>()).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Render<SessionView>(parameters => parameters
            .AddCascadingValue(State(null))
            .Add(view => view.Authenticated, (Session _) => "a")
            .Add(view => view.ChildContent, (Session _) => "b")));
    }

    [Theory]
    [InlineData(false, "http://localhost/api/auth/signin?callbackUrl=%2Fsecret%3Fx%3D1")]
    [InlineData(true, "http://localhost/api/auth/error?error=AccessDenied&callbackUrl=%2Fsecret%3Fx%3D1")]
    public async Task WhoIsNotAuthorizedIsSentOnceAndInNoCircle(bool isSignedIn, string expected)
    {
        await using var app = await UseProvidersAsync();
        Services.AddSingleton(app.Sessions);
        Services.AddSingleton<AuthenticationStateProvider>(new KnownState(State(isSignedIn ? "Ada" : null)));
        Navigate("secret?x=1");
        Render<RedirectToSignIn>(parameters => parameters.AddCascadingValue(State(isSignedIn ? "Ada" : null)));
        var navigation = (BunitNavigationManager)Services.GetRequiredService<NavigationManager>();
        Assert.Equal(expected, navigation.Uri);
        Assert.Single(navigation.History, entry => entry.Uri.Contains("/api/auth/", StringComparison.Ordinal));
    }

    /// <summary>Without the app's origin, the path of such a page is another host.</summary>
    [Fact]
    public async Task ThePathOfAPageThatIsAnotherHostIsNoReturnAddress()
    {
        await using var app = await UseProvidersAsync();
        Services.AddSingleton(app.Sessions);
        Services.AddSingleton<AuthenticationStateProvider>(new KnownState(State(null)));
        Navigate("http://localhost//evil.example/x?y=1");
        Assert.Equal("/", Render<SignInForm>().Find("input[name=callbackUrl]").GetAttribute("value"));
        Render<RedirectToSignIn>(parameters => parameters.AddCascadingValue(State(null)));
        Assert.Equal("http://localhost/api/auth/signin?callbackUrl=%2F", Services.GetRequiredService<NavigationManager>().Uri);
    }

    private IRenderedComponent<CascadingValue<Task<AuthenticationState>>> View(List<string> rendered, Task<AuthenticationState> state)
    {
        RenderFragment Say(string what, string text) => builder =>
        {
            rendered.Add(what);
            builder.AddContent(0, text);
        };
        RenderFragment content = builder =>
        {
            builder.OpenComponent<SessionView>(0);
            builder.AddAttribute(1, nameof(SessionView.Loading), Say("loading", "loading"));
            builder.AddAttribute(2, nameof(SessionView.Authenticated), (RenderFragment<Session>)(session => Say("in", "in " + session.User.Name)));
            builder.AddAttribute(3, nameof(SessionView.Unauthenticated), Say("out", "out"));
            builder.CloseComponent();
        };
        return Render<CascadingValue<Task<AuthenticationState>>>(parameters => parameters
            .Add(cascading => cascading.Value, state).Add(cascading => cascading.ChildContent, content));
    }

    private async Task<AuthApp> UseProvidersAsync()
    {
        var app = await AuthApp.StartAsync();
        Services.AddSingleton(app.Services.GetRequiredService<AuthProviderRegistry>());
        Services.AddSingleton(app.Services.GetRequiredService<FailureSeal>());
        Services.AddSingleton(new ComponentLanguage(app.Services.GetRequiredService<LanguageChoice>()));
        return app;
    }

    private void Navigate(string address) => Services.GetRequiredService<NavigationManager>().NavigateTo(address);

    private sealed class KnownState(Task<AuthenticationState> state) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => state;
    }

    private static Task<AuthenticationState> State(string? name) =>
        TestTicket.State(name is null ? null : TestTicket.Of("u1", DateTimeOffset.UnixEpoch, claims: new JsonObject { [AuthClaims.Name] = name }));

    private sealed class BelowAPath : NavigationManager
    {
        public BelowAPath() => Initialize("https://app.example/shop/", "https://app.example/shop/here");
    }
}
