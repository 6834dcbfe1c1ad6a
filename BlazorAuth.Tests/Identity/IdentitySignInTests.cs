using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace BlazorAuth.Tests.Identity;

/// <summary>Sign-ins of Identity's <c>SignInManager</c>, and what becomes of them here.</summary>
public sealed class IdentitySignInTests
{
    private const string StampClaim = "AspNet.Identity.SecurityStamp";

    [Fact]
    public async Task AllClaimsOfThePrincipalGoAlongAndTheStampStaysInTheRow()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com", true, new Claim("department", "engines"), new Claim("badge", "1"), new Claim("badge", "2"));
        await app.WithAsync<RoleManager<IdentityRole>>(roles => roles.CreateAsync(new IdentityRole("editor")));
        await app.ChangeAsync(ada, (users, user) => users.AddToRoleAsync(user, "editor"));
        using var browser = await app.SignInAsync(ada);

        var claims = (await browser.OpenAsync("/claims")).Json!;
        Assert.Equal(ada.Id, (string?)claims[ClaimTypes.NameIdentifier]);
        Assert.Equal("ada@example.com", (string?)claims[ClaimTypes.Name]);
        Assert.Equal("ada@example.com", (string?)claims[ClaimTypes.Email]);
        Assert.Equal("true", (string?)claims["email_verified"]);
        Assert.Equal("editor", (string?)claims[ClaimTypes.Role]);
        Assert.Equal("engines", (string?)claims["department"]);
        Assert.Equal("1,2", (string?)claims["badge"]);
        Assert.Equal("pwd", (string?)claims["amr"]);
        Assert.Equal("password", (string?)claims[AuthClaims.Provider]);
        Assert.Null(claims[StampClaim]);
        var session = Assert.Single(await app.App.Sessions.ListAsync(ada.Id, TestContext.Current.CancellationToken));
        Assert.DoesNotContain(session.Claims, claim => claim.Value.ToString().Contains(ada.SecurityStamp!, StringComparison.Ordinal));
        var row = await app.App.Sessions.FindAsync(session.Id, TestContext.Current.CancellationToken);
        Assert.Equal(await StampAsync(app, ada), row!.Content!.Stamp!.Value);
    }

    [Fact]
    public async Task IdentityKnowsWhoIsSignedInAndLogsThemOut()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        Assert.Equal("true", (await browser.OpenAsync("/is-signed-in")).Text);
        Assert.Equal("ada@example.com", (await browser.OpenAsync("/private")).Text);
        await browser.PostAsync("/logout");
        Assert.Equal("false", (await browser.OpenAsync("/is-signed-in")).Text);
        Assert.Empty(await app.App.Sessions.ListAsync(ada.Id, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhoIsNotToBeRememberedHasACookieForAsLongAsTheBrowserIsOpen(bool remember)
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada, remember);
        Assert.Equal(remember, browser.Cookies.Find(AuthApp.SessionCookie)!.Expires is not null);

        // A renewal, an update, and Identity signing them in again leave it as it is.
        var before = browser.Cookies[AuthApp.SessionCookie];
        app.App.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal("ada@example.com", await browser.NameAsync());
        Assert.NotEqual(before, browser.Cookies[AuthApp.SessionCookie]);
        Assert.Equal(remember, browser.Cookies.Find(AuthApp.SessionCookie)!.Expires is not null);
        await browser.FetchFormAsync("/api/auth/session", []);
        Assert.Equal(remember, browser.Cookies.Find(AuthApp.SessionCookie)!.Expires is not null);
        var session = Assert.Single(await app.App.Sessions.ListAsync(ada.Id, TestContext.Current.CancellationToken));
        await browser.PostAsync("/refresh");
        Assert.Equal(remember, browser.Cookies.Find(AuthApp.SessionCookie)!.Expires is not null);
        var refreshed = Assert.Single(await app.App.Sessions.ListAsync(ada.Id, TestContext.Current.CancellationToken));
        Assert.NotEqual(session.Id, refreshed.Id);

        // Nobody was asked: it is no fresher. A password is.
        Assert.Equal(session.AuthenticatedAt, refreshed.AuthenticatedAt);
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));
        await browser.PostAsync($"/login?name={ada.UserName}&remember={remember}");
        Assert.True(Assert.Single(await app.App.Sessions.ListAsync(ada.Id, TestContext.Current.CancellationToken)).AuthenticatedAt > refreshed.AuthenticatedAt);
    }

    // A principal of ours has no stamp: what the session began with counts, and not what Identity says by now.
    [Fact]
    public async Task WhomTheAppSignsInAgainIsNoFresherAndKeepsTheirStamp()
    {
        await using var app = await IdentityApp.StartAsync(setup => setup.Map += host =>
            host.MapPost("/again", (HttpContext http) => http.SignInAsync(IdentityConstants.ApplicationScheme, http.User)));
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        var session = Assert.Single(await app.App.Sessions.ListAsync(ada.Id, TestContext.Current.CancellationToken));
        var stamp = await StampAsync(app, ada);
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));

        await browser.PostAsync("/again");

        var again = Assert.Single(await app.App.Sessions.ListAsync(ada.Id, TestContext.Current.CancellationToken));
        Assert.NotEqual(session.Id, again.Id);
        Assert.Equal((session.AuthenticatedAt, session.CreatedAt, session.Provider), (again.AuthenticatedAt, again.CreatedAt, again.Provider));
        Assert.Equal(stamp, (await app.App.Sessions.FindAsync(again.Id, TestContext.Current.CancellationToken))!.Content!.Stamp?.Value);
    }

    [Fact]
    public async Task RefreshingTheSignInOfSomebodyElseMakesNobodyThem()
    {
        await using var app = await IdentityApp.StartAsync();
        var (ada, grace) = (await app.CreateAsync("ada@example.com"), await app.CreateAsync("grace@example.com"));
        using var browser = await app.SignInAsync(ada);
        var cookie = browser.Cookies[AuthApp.SessionCookie];
        await browser.PostAsync("/refresh-other?name=grace@example.com");
        Assert.Equal(cookie, browser.Cookies[AuthApp.SessionCookie]);
        Assert.Equal(ada.Id, (string?)(await browser.FetchAsync(HttpMethod.Get, "/api/private")).Json!["id"]);
        Assert.Empty(await app.App.Sessions.ListAsync(grace.Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ACopyOfAReplacedSessionThatIsRefreshedEndsWithIt()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        using var thief = app.App.CreateBrowser();
        var copied = thief.Cookies[AuthApp.SessionCookie] = browser.Cookies[AuthApp.SessionCookie];
        await browser.PostAsync($"/login?name={ada.UserName}&remember=false");

        await thief.PostAsync("/refresh");

        Assert.Equal(copied, thief.Cookies[AuthApp.SessionCookie]);
        app.App.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("null", await thief.SessionAsync());
        Assert.Equal("ada@example.com", await browser.NameAsync());
        Assert.Single(await app.App.Sessions.ListAsync(ada.Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task SomebodyWithoutASessionIsSentToIdentitysPageAndAClientGetsA401()
    {
        await using var app = await IdentityApp.StartAsync();
        using var browser = app.App.CreateBrowser();
        Assert.Equal("log in: /private?a=1", (await browser.OpenAsync("/private?a=1")).Text);
        Assert.Equal("log in: /page", (await browser.OpenAsync("/api/auth/signin?callbackUrl=%2Fpage")).Text);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.FetchAsync(HttpMethod.Get, "/api/private")).Status);

        // What went wrong has to be read somewhere.
        Assert.Equal("/api/auth/signin", (await browser.OpenAsync("/api/auth/signin?error=OAuthCallbackError")).Address.AbsolutePath);
    }

    [Fact]
    public async Task AnAddressThatNobodyConfirmedIsNotShownAsVerified()
    {
        await using var app = await IdentityApp.StartAsync(identity: builder => builder.Services.Configure<IdentityOptions>(options => options.SignIn.RequireConfirmedAccount = false));
        using var browser = await app.SignInAsync(await app.CreateAsync("ada@example.com", isConfirmed: false));
        Assert.Equal("false", (string?)(await browser.OpenAsync("/claims")).Json!["email_verified"]);
    }

    [Fact]
    public async Task OurAccountPageSpeaksOfNoProviderAndLeavesLoginsToIdentitysPages()
    {
        await using var app = await IdentityApp.StartAsync();
        using var browser = await app.SignInAsync(await app.CreateAsync("ada@example.com"));
        var page = await browser.OpenAsync("/api/auth/account");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("ada@example.com", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("password shared", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Null(page.Document.QuerySelector("form[action*='account/connect']"));
    }

    [Fact]
    public async Task ClaimTypesThatTheAppChoseStay()
    {
        await using var app = await IdentityApp.StartAsync(identity: builder => builder.Services.Configure<IdentityOptions>(options =>
        {
            options.ClaimsIdentity.UserIdClaimType = "uid";
            options.ClaimsIdentity.UserNameClaimType = "preferred_username";
            options.ClaimsIdentity.RoleClaimType = "role";
        }));
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        await browser.PostAsync("/refresh");
        var claims = (await browser.OpenAsync("/claims")).Json!;
        Assert.Equal(ada.Id, (string?)claims["uid"]);
        Assert.Equal("ada@example.com", (string?)claims["preferred_username"]);
        Assert.Equal("ada@example.com", await browser.NameAsync());
    }

    private static async Task<string> StampAsync(IdentityApp app, IdentityUser user)
    {
        var stamp = "";
        await app.ChangeAsync(user, async (users, found) => stamp = await users.GetSecurityStampAsync(found));
        return stamp;
    }
}
