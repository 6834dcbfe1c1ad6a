using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>POST sessions/revoke-others</c>: signs every other device out.</summary>
public sealed class SessionsRevokeOthersEndpointTests
{
    [Fact]
    public async Task AllOtherDevicesAreSignedOutAtOnce()
    {
        await using var app = await AuthApp.StartAsync();
        using var here = app.CreateBrowser();
        using var second = app.CreateBrowser();
        using var third = app.CreateBrowser();
        foreach (var browser in new[] { here, second, third })
        {
            await browser.SignInAsync("google");
        }

        var done = await here.PressAsync(await here.OpenAsync(Devices.Address), ".ba-all + form button");
        Assert.Contains("You’ve signed out of all other devices.", done.Document.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["null", "null"], [await second.SessionAsync(), await third.SessionAsync()]);
        Assert.NotEqual("null", await here.SessionAsync());
    }

    // As everywhere else: whoever closes the tab has asked for it all the same.
    [Theory]
    [InlineData("revoke")]
    [InlineData("revoke-others")]
    public async Task ATabThatIsClosedMeanwhileLeavesNoOtherDevice(string what)
    {
        using var closed = new CancellationTokenSource();
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Services = services => services.AddSingleton<ISessionStore>(new ClosingStore(new MemorySessionStore(setup.Clock), closed));
            setup.Use = host => host.Use((HttpContext http, RequestDelegate next) =>
            {
                http.RequestAborted = http.Request.Path.StartsWithSegments(Devices.Address) ? closed.Token : http.RequestAborted;
                return next(http);
            });
        });
        using var here = app.CreateBrowser();
        using var other = app.CreateBrowser();
        await here.SignInAsync("google");
        await other.SignInAsync("google");
        var id = (string)TestTicket.Claims(other.Cookies[AuthApp.SessionCookie]!, app.Clock.GetUtcNow())[AuthClaims.SessionId]!;

        await here.FetchFormAsync($"{Devices.Address}/{what}", new() { ["session"] = id });

        Assert.True(closed.IsCancellationRequested);
        Assert.Equal("null", await other.SessionAsync());
        Assert.NotEqual("null", await here.SessionAsync());
    }

    [Fact]
    public Task APostOfAnotherSiteChangesNothing() => Devices.AssertNeedsOurOwnPageAsync(Devices.Address + "/revoke-others");

    [Fact]
    public Task WhoIsNotSignedInEndsNothing() => Devices.AssertNeedsASessionAsync(Devices.Address + "/revoke-others");

    /// <summary>A store whose caller goes away just before sessions are ended.</summary>
    private sealed class ClosingStore(ISessionStore inner, CancellationTokenSource closed) : ForwardingStore(inner)
    {
        public override Task<RevokeResult> RevokeAsync(string userId, string sessionId, SessionRevocation revocation, CancellationToken cancellationToken = default)
        {
            closed.Cancel();
            return base.RevokeAsync(userId, sessionId, revocation, cancellationToken);
        }

        public override Task<IReadOnlyList<string>> RevokeAllAsync(
            string userId, string? exceptSessionId, int count, SessionRevocation revocation, CancellationToken cancellationToken = default)
        {
            closed.Cancel();
            return base.RevokeAllAsync(userId, exceptSessionId, count, revocation, cancellationToken);
        }
    }
}
