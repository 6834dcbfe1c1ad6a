using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;

namespace BlazorAuth.Tests.Sessions;

/// <summary>A token of an Auth.js from before all sessions of its user were ended, or grant something else.</summary>
public sealed class OutdatedTokenTests
{
    private const string Cookie = "authjs.session-token";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // The Next.js app writes roles into its tokens, as docs/share-with-nextjs.md says. Kim kept one (each look at the session there gives out another), or has one in a
    // second browser that was never here.
    [Theory]
    [InlineData("ended")]
    [InlineData("changed, another browser")]
    [InlineData("changed, was never here")]
    public async Task ItBringsNoRoleBack(string what)
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Options = options => options.Session.AcceptAuthJsTokens = true;
            setup.Map = host => host.MapGet("/admin", () => "secrets").RequireAuthorization(policy => policy.RequireRole("admin"));
        });
        using var browser = app.CreateBrowser();
        var kept = Token(app);
        if (what != "changed, was never here")
        {
            browser.Cookies[Cookie] = Token(app);
            Assert.Equal(HttpStatusCode.OK, (await browser.FetchAsync(HttpMethod.Get, "/admin")).Status);
        }

        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await (what == "ended"
            ? app.Sessions.RevokeUserAsync("u-kim", Cancelled)
            : app.Sessions.UpdateUserClaimsAsync("u-kim", claims => claims["roles"] = new JsonArray("reader"), Cancelled));
        app.Clock.Advance(TimeSpan.FromDays(1));
        Assert.NotEqual(HttpStatusCode.OK, (await browser.FetchAsync(HttpMethod.Get, "/admin")).Status);

        using var other = app.CreateBrowser();
        other.UserAgent = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0";
        other.Cookies[Cookie] = kept;
        Assert.NotEqual(HttpStatusCode.OK, (await other.FetchAsync(HttpMethod.Get, "/admin")).Status);

        // It is not theirs that is deleted: Auth.js writes another, which says what its user is there.
        Assert.NotNull(other.Cookies[Cookie]);
        other.Cookies[Cookie] = Token(app, "reader");
        Assert.Contains("Kim", await other.SessionAsync(), StringComparison.Ordinal);
    }

    private static string Token(AuthApp app, string role = "admin") => new SessionToken(new SessionKeyRing([AuthApp.Secret])).Write(
        new JsonObject { ["name"] = "Kim", ["sub"] = "u-kim", ["roles"] = new JsonArray(role) }, Cookie, app.Clock.GetUtcNow(), app.Clock.GetUtcNow().AddDays(30));
}
