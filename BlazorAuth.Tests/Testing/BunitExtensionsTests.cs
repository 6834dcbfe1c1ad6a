using BlazorAuth.Testing;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace BlazorAuth.Tests.Testing;

/// <summary>Components of a user's app in bUnit, with the real sessions behind them.</summary>
public sealed class BunitExtensionsTests : BunitContext
{
    [Fact]
    public void ViewsSeeTheSession()
    {
        var session = this.AddSession("ada", roles: ["admin"]);
        Assert.Equal("Hello Ada", View().Markup);
        Assert.Equal("you may", Authorized("admin").Markup);
        Assert.Equal("you may not", Authorized("owner").Markup);
        Assert.Equal(session.Session!.Id, Render<Receiver>().Markup);
    }

    [Fact]
    public void NobodyIsSignedInWithoutOne()
    {
        Assert.Null(this.AddNoSession().Session);
        Assert.Equal("nobody", View().Markup);
        Assert.Equal("", Render<Receiver>().Markup);
    }

    [Fact]
    public async Task AChangeOfClaimsIsSeen()
    {
        var session = this.AddSession("ada");
        var view = Authorized("admin");
        Assert.Equal("you may not", view.Markup);
        await session.ChangeAsync(claims => claims["roles"] = new System.Text.Json.Nodes.JsonArray("admin"));
        view.WaitForAssertion(() => Assert.Equal("you may", view.Markup), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task APageIsCoveredWhenItsSessionEnds()
    {
        var session = this.AddSession("ada", configure: auth => auth.AddGoogle());
        var overlay = Render<SessionOverlay>();
        Assert.ThrowsAny<Exception>(() => overlay.ExpectCovered(TimeSpan.FromMilliseconds(1)));
        await session.EndAsync();
        overlay.ExpectCovered(TimeSpan.FromSeconds(10));
        Assert.NotNull(overlay.Find("[data-session-sign-in]"));
    }

    [Fact]
    public async Task TheClockEndsASession()
    {
        var session = this.AddSession(new TestUser("ada") { Claims = new Dictionary<string, object?> { ["team"] = "engines" } });
        var overlay = Render<SessionOverlay>();
        session.Clock.Advance(TimeSpan.FromDays(91));
        await Task.Run(() => overlay.ExpectCovered(TimeSpan.FromSeconds(20)), Xunit.TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WhatNeedsASessionSaysSoWithoutOne()
    {
        var nobody = this.AddNoSession();
        Assert.Contains("AddSession(\"ada\")", (await Assert.ThrowsAsync<InvalidOperationException>(nobody.EndAsync)).Message, StringComparison.Ordinal);
    }

    private IRenderedComponent<IComponent> View() => Render(builder =>
    {
        builder.OpenComponent<SessionView>(0);
        builder.AddAttribute(1, "Authenticated", (RenderFragment<Session>)(session => content => content.AddContent(0, "Hello " + session.User.Name)));
        builder.AddAttribute(2, "Unauthenticated", (RenderFragment)(content => content.AddContent(0, "nobody")));
        builder.CloseComponent();
    });

    private IRenderedComponent<AuthorizeView> Authorized(string role) => Render<AuthorizeView>(parameters => parameters
        .Add(view => view.Roles, role).Add(view => view.Authorized, _ => "you may").Add(view => view.NotAuthorized, _ => "you may not"));

    private sealed class Receiver : ComponentBase
    {
        [CascadingParameter]
        private Session? Session { get; set; }

        protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder) => builder.AddContent(0, Session?.Id);
    }
}
