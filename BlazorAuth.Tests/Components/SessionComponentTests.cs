using BlazorAuth.Pages;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace BlazorAuth.Tests.Components;

/// <summary>The components around the life of a session, as a live page renders them.</summary>
public sealed class SessionComponentTests : BunitContext, IAsyncLifetime
{
    private const string ThisBrowser = "this browser";

    private AuthApp _app = null!;
    private SessionStateProvider _state = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AuthApp.StartAsync();
        _state = new SessionStateProvider(_app.Services.GetRequiredService<CircuitSessions>());
        Services.AddSingleton(_app.Sessions);
        Services.AddSingleton(_app.Services.GetRequiredService<AuthProviderRegistry>());
        Services.AddSingleton(_app.Services.GetRequiredService<SessionHandover>());
        Services.AddSingleton(_app.Services.GetRequiredService<AuthAssets>());
        Services.AddSingleton(_app.Services.GetRequiredService<AuthTheme>());
        Services.AddSingleton(new ComponentLanguage(_app.Services.GetRequiredService<LanguageChoice>()));
        Services.AddSingleton(new AuthFormToken());
        Services.AddSingleton<AuthenticationStateProvider>(_state);
        Services.AddScoped(provider => new FreshSession(
            _state, _app.Sessions, provider.GetRequiredService<AuthProviderRegistry>(), provider.GetRequiredService<NavigationManager>()));
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        Navigation.NavigateTo("keys?tab=2");
    }

    ValueTask IAsyncDisposable.DisposeAsync() => _app.DisposeAsync();

    private NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    [Fact]
    public void RequireFreshShowsItsContentToWhoWasAskedAShortWhileAgo()
    {
        Assert.Equal("secret", RequireFresh(Ticket(asked: TimeSpan.FromMinutes(4))).Markup);
        Assert.Equal("out", RequireFresh(null).Markup);
        Assert.Equal("stale google", RequireFresh(
            Ticket(asked: TimeSpan.FromMinutes(5)), parameters => parameters.Add(fresh => fresh.Stale, session => "stale " + session.Provider)).Markup);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(null)]
    public void RequireFreshOffersOthersASignInThatComesBackHere(int? minutes)
    {
        var view = RequireFresh(Ticket(minutes is { } some ? TimeSpan.FromMinutes(some) : null));

        Assert.DoesNotContain("secret", view.Markup, StringComparison.Ordinal);
        Assert.Equal("/api/auth/signin/google?fresh=true", view.Find("form[method=post]").GetAttribute("action"));
        Assert.Equal("/keys?tab=2", view.Find("input[name=callbackUrl]").GetAttribute("value"));
        Assert.NotNull(view.Find("form button"));
    }

    [Theory]
    [InlineData(4, true, null)]
    [InlineData(5, false, "/api/auth/signin/google?fresh=true&callbackUrl=%2Fkeys%3Ftab%3D2")]
    [InlineData(-1, false, "/api/auth/signin?callbackUrl=%2Fkeys%3Ftab%3D2")]
    public async Task FreshSessionLetsGoOnOrSendsToSignIn(int minutes, bool goesOn, string? target)
    {
        _state.SetAuthenticationState(TestTicket.State(minutes < 0 ? null : Ticket(TimeSpan.FromMinutes(minutes))));
        var fresh = Services.GetRequiredService<FreshSession>();

        Assert.Equal(goesOn, await fresh.IsFreshAsync(TimeSpan.FromMinutes(5)));
        Assert.Equal(goesOn, await fresh.RequireAsync(TimeSpan.FromMinutes(5)));
        Assert.Equal("http://localhost" + (target ?? "/keys?tab=2"), Navigation.Uri);
    }

    [Fact]
    public async Task SessionEndedIsHiddenUntilTheSessionEndsAndSaysWhy()
    {
        var ticket = await SignInAsync();
        var view = RenderEnded();
        Assert.True(view.Find("[data-session-ended]").HasAttribute("hidden"));
        Assert.Matches("^[0-9a-f]{32}$", view.Find("input[data-session-circuit]").GetAttribute("data-session-circuit"));
        Assert.Equal(1, _state.Covers);

        await _app.Sessions.RevokeUserAsync(ticket.UserId, Xunit.TestContext.Current.CancellationToken);

        view.WaitForAssertion(() => Assert.False(view.Find("[data-session-ended]").HasAttribute("hidden")), TimeSpan.FromSeconds(10));
        Assert.Equal("SignedOut google", view.Find("p").TextContent);
    }

    [Fact]
    public async Task SessionEndedTakesTheNewSessionOfTheSamePersonAndNobodyElses()
    {
        var ticket = await SignInAsync();
        var view = RenderEnded();
        var circuit = view.Find("input[data-session-circuit]").GetAttribute("data-session-circuit")!;
        await _app.Sessions.RevokeUserAsync(ticket.UserId, Xunit.TestContext.Current.CancellationToken);
        view.WaitForAssertion(() => Assert.False(view.Find("[data-session-ended]").HasAttribute("hidden")), TimeSpan.FromSeconds(10));
        var handover = Services.GetRequiredService<SessionHandover>();

        var again = await _app.BeginSessionAsync("u1");
        view.Find("input[data-session-circuit]").Change(handover.Write(again, "another circuit", ThisBrowser));
        Assert.NotNull(_state.Ended);
        view.Find("input[data-session-circuit]").Change(handover.Write(await _app.BeginSessionAsync("u2"), circuit, ThisBrowser));
        Assert.NotNull(_state.Ended);
        view.Find("input[data-session-circuit]").Change(handover.Write(again, circuit, "another browser"));
        Assert.NotNull(_state.Ended);
        view.Find("input[data-session-circuit]").Change(handover.Write(again, circuit, ThisBrowser));

        view.WaitForAssertion(() => Assert.True(view.Find("[data-session-ended]").HasAttribute("hidden")), TimeSpan.FromSeconds(10));
        Assert.Equal(again.Id, SessionIdentity.Of((await _state.GetAuthenticationStateAsync()).User)!.Session.Id);
    }

    [Fact]
    public async Task WhoLeavesThePageLeavesNoCoverBehind()
    {
        await SignInAsync();
        RenderEnded();

        await DisposeComponentsAsync();

        Assert.Equal(0, _state.Covers);
    }

    [Fact]
    public void SessionExpiringTellsTheScriptWhenToWarn()
    {
        var view = Render<SessionExpiring>(parameters => parameters
            .Add(expiring => expiring.Before, TimeSpan.FromSeconds(90)).AddUnmatched("class", "c").AddChildContent("<b>soon</b>"));

        var element = view.Find("[data-session-expiring]");
        Assert.Equal(("90", "c", "soon"), (element.GetAttribute("data-session-expiring"), element.ClassName, element.TextContent.Trim()));
        Assert.True(element.HasAttribute("hidden"));
        Assert.Equal("120", Render<SessionExpiring>(parameters => parameters.AddChildContent("x")).Find("div").GetAttribute("data-session-expiring"));
    }

    [Fact]
    public void SessionScriptSaysWhichSessionAndHowLongItLasts()
    {
        var ticket = Ticket(asked: TimeSpan.Zero);
        var script = Render<SessionScript>(parameters => parameters.AddCascadingValue(ticket.Session)).Find("script");
        Assert.StartsWith("/api/auth/assets/session.js", script.GetAttribute("src"), StringComparison.Ordinal);
        Assert.Equal(("/api/auth", "s1", "3600"), (script.GetAttribute("data-auth"), script.GetAttribute("data-session"), script.GetAttribute("data-left")));
        Assert.True(script.HasAttribute("data-refresh"));

        Assert.Null(Render<SessionScript>().Find("script").GetAttribute("data-session"));
    }

    [Fact]
    public async Task SessionOverlayCoversThePageWithAWayBackToIt()
    {
        var ticket = await SignInAsync();
        var view = Render<SessionOverlay>(parameters => parameters.AddCascadingValue(ticket.Session));
        Assert.True(view.Find(".ba-cover").HasAttribute("hidden"));

        await _app.Sessions.RevokeUserAsync(ticket.UserId, Xunit.TestContext.Current.CancellationToken);

        view.WaitForAssertion(() => Assert.False(view.Find(".ba-cover").HasAttribute("hidden")), TimeSpan.FromSeconds(10));
        Assert.Equal("You’re signed out", view.Find("#ba-ended-title").TextContent);
        Assert.Equal("/api/auth/signin/google?callbackUrl=%2Fkeys%3Ftab%3D2", view.Find(".ba-cover a[data-session-sign-in]").GetAttribute("href"));
        Assert.NotNull(view.Find("[data-session-expiring] button[data-session-stay]"));
    }

    private IRenderedComponent<RequireFresh> RequireFresh(
        SessionTicket? ticket, Action<ComponentParameterCollectionBuilder<RequireFresh>>? more = null) => Render<RequireFresh>(parameters =>
    {
        parameters.Add(fresh => fresh.Within, TimeSpan.FromMinutes(5)).AddChildContent("secret").Add(fresh => fresh.Unauthenticated, "out");
        if (ticket is not null)
        {
            parameters.AddCascadingValue(ticket.Session);
        }

        more?.Invoke(parameters);
    });

    private IRenderedComponent<SessionEnded> RenderEnded() => Render<SessionEnded>(
        parameters => parameters.Add(ended => ended.ChildContent, end => $"<p>{end.Reason} {end.Provider}</p>"));

    private async Task<SessionTicket> SignInAsync()
    {
        var ticket = await _app.BeginSessionAsync("u1");
        _state.SetAuthenticationState(Task.FromResult(new AuthenticationState(CircuitBrowser.Add((await TestTicket.State(ticket)).User, ThisBrowser))));
        await _state.OpenAsync();
        return ticket;
    }

    private SessionTicket Ticket(TimeSpan? asked) => TestTicket.Of("u1", _app.Clock.GetUtcNow(), authenticatedAt: _app.Clock.GetUtcNow() - asked);
}
