using System.Net;
using BlazorAuth.Tests.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>account/link</c>: who came with a new provider and a known address signs in the old way, is asked, and only a yes joins the two.</summary>
public sealed class AccountLinkEndpointTests
{
    private const string Link = "/api/auth/account/link";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("yes")]
    [InlineData("no")]
    public async Task AfterTheOldWayThePageNamesTheNewOneAndAsks(string answer)
    {
        await using var linking = await StartAsync();
        using var browser = linking.App.CreateBrowser();
        var (id, refused) = await ComeAsync(linking, browser);

        var asked = await OldWayAsync(linking, browser, refused);

        Assert.Equal(Link, asked.Address.AbsolutePath);
        Assert.Equal("Connect Work?", asked.Document.QuerySelector("h1")!.TextContent);
        Assert.Contains("Ada Lovelace", asked.Document.QuerySelector(".ba-entry")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("ada@example.com", asked.Document.QuerySelector(".ba-entry")!.TextContent, StringComparison.Ordinal);
        browser.SendsCookiesFromEverySite = true;
        await browser.PostAsync(Link, [new("link", "yes")], site: "cross-site");
        Assert.Null(await linking.Store.FindAsync(FakeProvider.Issuer, "42", Token));

        var end = await browser.PressAsync(asked, $"button[value={answer}]");

        Assert.Equal("/page", end.Address.AbsolutePath);
        Assert.Equal(answer == "yes" ? id : null, (await linking.Store.FindAsync(FakeProvider.Issuer, "42", Token))?.User.Id);
        Assert.Equal("/page", (await browser.OpenAsync(Link + "?callbackUrl=/page")).Address.AbsolutePath);
    }

    // Somebody at an unlocked device (whose mail is open, too) brings an account of their own that confirms the owner's address. To connect it on the account page they
    // would have to be asked by the provider. The page that asks whether to connect it lets an ordinary sign-in count, for which nobody is asked.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NobodyConnectsAnAccountByItsAddressWithoutASignInForWhichTheProviderAsked(bool isListed)
    {
        await using var linking = await Linking.StartAsync(options =>
        {
            if (isListed)
            {
                options.Session.FreshProviders.Add("work");
            }
        });
        linking.Fake.User["email_verified"] = true;
        using var browser = linking.App.CreateBrowser();
        var asked = linking.App.Clock.GetUtcNow();
        linking.Fake.ChangeIdToken = claims =>
            (claims["auth_time"], claims["exp"]) = (asked.ToUnixTimeSeconds(), linking.App.Clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds());
        var id = await linking.SignInAsync(browser, "work");

        // The owner's sign-in counts no more: the account page asks.
        linking.App.Clock.Advance(TimeSpan.FromHours(3));
        var form = await browser.PostAsync("/api/auth/account/connect/google");
        Assert.StartsWith("/api/auth/signin/work?fresh=true", form.Location!.PathAndQuery, StringComparison.Ordinal);

        linking.Fake.User["sub"] = "666";
        var refused = await browser.ArriveAsync(linking.Fake.Answer((await browser.StartSignInAsync("google")).Location!));
        Assert.Equal("ConfirmToLink", refused.Query("reason"));
        Assert.Equal("true", (await browser.OpenAsync(Link + "?callbackUrl=/page")).Query("fresh"));

        // The provider lets them through: it says that it asked three hours ago.
        linking.Fake.User["sub"] = "42";
        Assert.Equal(id, await linking.SignInAsync(browser, "work"));
        var stale = Assert.Single(await linking.App.Sessions.ListAsync(id, Token));
        Assert.False(linking.App.Sessions.IsFresh(stale, TimeSpan.FromMinutes(15)));
        var page = await browser.OpenAsync(Link + "?callbackUrl=/page");
        if (page.Document.QuerySelector("button[value=yes]") is not null)
        {
            await browser.PressAsync(page, "button[value=yes]");
        }

        Assert.Single(await linking.Store.ListAccountsAsync(id, Token));
    }

    // Another one has come in the same browser while the page was open.
    [Fact]
    public async Task AYesToOneAccountIsNoneToAnother()
    {
        await using var linking = await StartAsync();
        using var browser = linking.App.CreateBrowser();
        var (_, refused) = await ComeAsync(linking, browser);
        var asked = await OldWayAsync(linking, browser, refused);
        var field = asked.Document.QuerySelector("input[name=account]")!;
        field.SetAttribute("value", AccountRecord.DefaultUserIdOf(FakeProvider.Issuer, "43"));

        var again = await browser.PressAsync(asked, "button[value=yes]");

        Assert.Equal("Connect Work?", again.Document.QuerySelector("h1")!.TextContent);
        Assert.Null(await linking.Store.FindAsync(FakeProvider.Issuer, "42", Token));
        Assert.Equal(AccountRecord.DefaultUserIdOf(FakeProvider.Issuer, "42"), again.Document.QuerySelector("input[name=account]")!.GetAttribute("value"));
    }

    // Nothing is kept of whom the app does not let in, and their account becomes nobody's way in.
    [Fact]
    public async Task AnAccountThatTheAppDeniesIsNotOffered()
    {
        await using var linking = await Linking.StartAsync(options => options.Callbacks.OnSignIn = context =>
            ValueTask.FromResult(context.Account.Provider == "work" ? SignInDecision.Deny : SignInDecision.Allow));
        using var browser = linking.App.CreateBrowser();
        var (_, refused) = await ComeAsync(linking, browser, reason: null);

        Assert.Equal("AccessDenied", refused.Query("error"));
        SetOld(linking);
        await linking.SignInAsync(browser, "acme");
        Assert.Equal("/page", (await browser.OpenAsync(Link + "?callbackUrl=/page")).Address.AbsolutePath);
        Assert.Null(await linking.Store.FindAsync(FakeProvider.Issuer, "42", Token));
    }

    // That the app signs them in again by itself meanwhile does not count as the old way.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhoIsSignedInAlreadyShowsTheOldWayOnceMoreFirst(bool isRepeated)
    {
        await using var linking = await Linking.StartAsync(null, setup =>
            setup.Map = host => host.MapPost("/again", (HttpContext http) => http.SignInAsync(http.User)).RequireAuthorization());
        using var browser = linking.App.CreateBrowser();
        SetOld(linking);
        await VerifyAsync(linking, await linking.SignInAsync(browser, "acme"));
        linking.App.Clock.Advance(TimeSpan.FromMinutes(1));
        SetNew(linking);
        await browser.ArriveAsync(linking.Fake.Answer((await browser.StartSignInAsync("work")).Location!));
        if (isRepeated)
        {
            await browser.PostAsync("/again");
        }

        var page = await browser.OpenAsync(Link + "?callbackUrl=/page");

        Assert.Equal(("/api/auth/signin/acme", "true"), (page.Address.AbsolutePath, page.Query("fresh")));
        Assert.Equal("/api/auth/signin/acme", (await browser.FetchFormAsync(Link, new() { ["link"] = "yes" })).Location?.AbsolutePath);
        Assert.Null(await linking.Store.FindAsync(FakeProvider.Issuer, "42", Token));
    }

    // The link belongs to the browser that came with the account, and to who has verified its address.
    [Fact]
    public async Task NoOtherBrowserAndNoOtherUserIsAsked()
    {
        await using var linking = await StartAsync();
        using var browser = linking.App.CreateBrowser();
        using var eve = linking.App.CreateBrowser();
        await ComeAsync(linking, browser);
        SetOld(linking);
        await linking.SignInAsync(eve, "acme");
        Assert.Equal("/page", (await eve.OpenAsync(Link + "?callbackUrl=/page")).Address.AbsolutePath);
        await eve.FetchFormAsync(Link, new() { ["link"] = "yes" });
        linking.Fake.User["id"] = 44;
        linking.Fake.User["email"] = "eve@example.com";
        await linking.SignInAsync(browser, "acme");
        Assert.Equal("/page", (await browser.OpenAsync(Link + "?callbackUrl=/page")).Address.AbsolutePath);
        await browser.FetchFormAsync(Link, new() { ["link"] = "yes" });

        Assert.Null(await linking.Store.FindAsync(FakeProvider.Issuer, "42", Token));
    }

    [Fact]
    public async Task AfterTenMinutesThereIsNothingToAsk()
    {
        await using var linking = await StartAsync();
        using var browser = linking.App.CreateBrowser();
        var (_, refused) = await ComeAsync(linking, browser);
        linking.App.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("/page", (await OldWayAsync(linking, browser, refused)).Address.AbsolutePath);
    }

    [Fact]
    public async Task AnAccountThatSomebodyElseGotMeanwhileIsTheirs()
    {
        await using var linking = await StartAsync();
        using var browser = linking.App.CreateBrowser();
        var (id, refused) = await ComeAsync(linking, browser);
        var asked = await OldWayAsync(linking, browser, refused);
        var account = (await linking.Store.ListAccountsAsync(id, Token))[0];
        var now = linking.App.Clock.GetUtcNow();
        await linking.Store.CreateAsync(
            new UserRecord { Id = "eve", CreatedAt = now, LastSeenAt = now }, account with { Issuer = FakeProvider.Issuer, Subject = "42", UserId = "eve" }, Token);

        var page = await browser.PressAsync(asked, "button[value=yes]");

        Assert.Contains("Another user has that account", page.Text, StringComparison.Ordinal);
        Assert.Equal("eve", (await linking.Store.FindAsync(FakeProvider.Issuer, "42", Token))!.User.Id);
    }

    [Fact]
    public async Task WithoutASessionOrAStoreThereIsNoQuestion()
    {
        await using var linking = await StartAsync();
        using var browser = linking.App.CreateBrowser();
        Assert.Equal("/api/auth/signin", (await browser.OpenAsync(Link)).Address.AbsolutePath);
        await using var off = await Linking.StartAsync(options => options.Accounts.Enabled = false);
        using var other = off.App.CreateBrowser();
        Assert.Equal(HttpStatusCode.NotFound, (await other.OpenAsync(Link)).Status);
    }

    private static Task<Linking> StartAsync() => Linking.StartAsync();

    private static void SetOld(Linking linking) => (linking.Fake.User["id"], linking.Fake.User["email"]) = (42, "ada@example.com");

    private static void SetNew(Linking linking) => linking.Fake.User["email_verified"] = true;

    private static async Task VerifyAsync(Linking linking, string id)
    {
        var user = (await linking.Store.FindUserAsync(id, Token))!;
        await linking.Store.UpdateProfileAsync(user with { EmailVerifiedAt = user.CreatedAt }, Token);
    }

    /// <summary>A user with a verified address signs in, signs out, and comes with another provider.</summary>
    private static async Task<(string Id, Page Refused)> ComeAsync(Linking linking, Browser browser, string? reason = "ConfirmToLink")
    {
        SetOld(linking);
        var id = await linking.SignInAsync(browser, "acme");
        await VerifyAsync(linking, id);
        await browser.PostAsync("/api/auth/signout");
        linking.App.Clock.Advance(TimeSpan.FromMinutes(1));
        SetNew(linking);
        var refused = await browser.ArriveAsync(linking.Fake.Answer((await browser.StartSignInAsync("work")).Location!));
        Assert.Equal(reason, refused.Query("reason"));
        return (id, refused);
    }

    /// <summary>Chooses the old provider on the page that said why, and comes back from it.</summary>
    private static async Task<Page> OldWayAsync(Linking linking, Browser browser, Page refused) =>
        await browser.ArriveAsync(linking.Fake.Answer((await browser.PressAsync(refused, "form[action$='signin/acme'] button")).Location!));
}
