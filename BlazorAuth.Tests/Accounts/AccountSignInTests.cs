using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAuth.Tests.Accounts;

/// <summary>Signing in with the built-in account store: who somebody is, in which order things happen, and who is kept out.</summary>
public sealed partial class AccountSignInTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheIdIsTheOneOfBeforeAndStaysAtEverySignIn()
    {
        await using var app = await AuthApp.StartAsync();

        var first = await IdAsync(app, "google");
        var second = await IdAsync(app, "google");

        Assert.Equal(first, second);
        var account = Assert.Single(await Store(app).ListAccountsAsync(first, Token));
        Assert.Equal((account.DefaultUserId, "google", "https://accounts.google.com"), (first, account.Provider, account.Issuer));
        var user = (await Store(app).FindUserAsync(first, Token))!;
        Assert.Equal(("Ada Lovelace", "ada@example.com"), (user.Name, user.Email));
        Assert.NotNull(user.EmailVerifiedAt);
    }

    [Fact]
    public async Task ThingsHappenInTheOrderOfTheContractAndANoWritesNothing()
    {
        var order = new List<string>();
        var allow = false;
        AuthApp app = null!;
        await using var started = app = await AuthApp.StartAsync(setup => setup.Options = options =>
        {
            options.Callbacks.OnSignIn = async context =>
            {
                order.Add($"signIn new={context.IsNewUser} stored={await IsStoredAsync(app, context.User.Id)}");
                return allow ? SignInDecision.Allow : SignInDecision.Deny;
            };
            options.Callbacks.OnToken = async context =>
            {
                if (context.Trigger == TokenTrigger.SignIn)
                {
                    order.Add($"token new={context.IsNewUser} stored={await IsStoredAsync(app, context.User!.Id)}");
                }

                return true;
            };
            options.Events.OnUserCreated = context =>
            {
                order.Add($"created {context.Account.Provider}");
                Assert.Equal(context.User.Id, context.Account.UserId);
                return ValueTask.CompletedTask;
            };
            options.Events.OnSignedIn = _ =>
            {
                order.Add("signedIn");
                return ValueTask.CompletedTask;
            };
        });
        using var browser = app.CreateBrowser();

        Assert.Equal("/api/auth/error", (await browser.SignInAsync("google")).Address.AbsolutePath);
        Assert.Equal(["signIn new=True stored=False"], order);
        Assert.True(await Store(app).IsEmptyAsync(Token));

        allow = true;
        order.Clear();
        await browser.SignInAsync("google");
        Assert.Equal(["signIn new=True stored=False", "created google", "token new=True stored=True", "signedIn"], order);

        order.Clear();
        using var again = app.CreateBrowser();
        await again.SignInAsync("google");
        Assert.Equal(["signIn new=False stored=True", "token new=False stored=True", "signedIn"], order);
    }

    [Fact]
    public async Task ASignInFillsWhatIsMissingAndOverwritesNothing()
    {
        await using var app = await AuthApp.StartAsync();
        var id = await IdAsync(app, "google");
        await Store(app).UpdateProfileAsync((await Store(app).FindUserAsync(id, Token))! with { Name = "Augusta", Image = null, EmailVerifiedAt = null }, Token);

        await IdAsync(app, "google");

        var user = (await Store(app).FindUserAsync(id, Token))!;
        Assert.Equal("Augusta", user.Name);
        Assert.NotNull(user.EmailVerifiedAt);
        await Store(app).UpdateProfileAsync(user with { Email = "other@example.com", EmailVerifiedAt = null }, Token);
        await IdAsync(app, "google");
        user = (await Store(app).FindUserAsync(id, Token))!;
        Assert.Equal(("other@example.com", null), (user.Email, user.EmailVerifiedAt));
    }

    [Theory]
    [InlineData("password")]
    [InlineData("app")]
    public async Task WhereTheAppNamesTheUserThatIsTheUsersId(string way)
    {
        await using var app = await StartWithAllWaysAsync();

        await SignInAsync(app, way);

        var user = Assert.Single(await Store(app).SearchAsync("", 10, null, Token));
        Assert.Equal("user-7", user.Id);
        Assert.StartsWith(way == "app" ? "app/" : "credentials/", Assert.Single(await Store(app).ListAccountsAsync("user-7", Token)).Issuer, StringComparison.Ordinal);
        await Store(app).DeleteAsync("user-7", Token);
        Assert.Equal("null", (await SignInAsync(app, way)).Session);
    }

    [Fact]
    public async Task TwoWaysThatNameOneUserAreOneUser()
    {
        await using var app = await StartWithAllWaysAsync();

        await SignInAsync(app, "password");
        await SignInAsync(app, "app");

        Assert.Equal(2, (await Store(app).ListAccountsAsync("user-7", Token)).Count);
        Assert.Equal(2, (await app.Sessions.ListAsync("user-7", Token)).Count);
    }

    [Fact]
    public async Task UsersOfRunningSessionsNeedNoRow()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        browser.Cookies[AuthApp.SessionCookie] = TestTicket.Cookie(await app.BeginSessionAsync("from-before"));

        Assert.NotEqual("null", await browser.SessionAsync());
        Assert.True(await Store(app).IsEmptyAsync(Token));
    }

    [Fact]
    public async Task SwitchedOffNobodyIsKept()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Accounts.Enabled = false);

        var id = await IdAsync(app, "google");

        Assert.Equal(22, id.Length);
        Assert.True(await ((IAccountStoreSource)app.Store).Accounts.IsEmptyAsync(Token));
    }

    [Fact]
    public async Task LastUseIsToldWithTheBatchAndNotAtTheSignIn()
    {
        await using var app = await AuthApp.StartAsync();
        var id = await IdAsync(app, "google");
        var created = (await Store(app).FindUserAsync(id, Token))!.LastSeenAt;
        app.Clock.Advance(TimeSpan.FromSeconds(10));
        await IdAsync(app, "google");
        Assert.Equal(created, (await Store(app).FindUserAsync(id, Token))!.LastSeenAt);

        await app.Services.GetRequiredService<AccountOutbox>().FlushAsync(Token);

        var account = (await Store(app).ListAccountsAsync(id, Token))[0];
        Assert.Equal(SessionLimits.ToMilliseconds(app.Clock.GetUtcNow()), account.LastUsedAt);
        Assert.True((await Store(app).FindUserAsync(id, Token))!.LastSeenAt > created);
    }

    private static IAccountStore Store(AuthApp app) => app.Services.GetRequiredService<IAccountStore>();

    private static async Task<bool> IsStoredAsync(AuthApp app, string id) => await Store(app).FindUserAsync(id, Token) is not null;

    /// <summary>Signs in with a new browser, and returns the user's id.</summary>
    private static async Task<string> IdAsync(AuthApp app, string provider)
    {
        using var browser = app.CreateBrowser();
        await browser.SignInAsync(provider);
        return await browser.UserIdAsync();
    }

    private static Task<AuthApp> StartWithAllWaysAsync(Action<AuthAppSetup>? more = null) => AuthApp.StartAsync(setup =>
    {
        setup.Providers = builder => builder.AddGoogle()
            .AddCredentials("password", _ => ValueTask.FromResult(CredentialsResult.Accept(new SessionUser { Id = "user-7", Name = "Ada" })));
        setup.Map = app => app.MapPost("/by-itself", async (HttpContext http) =>
        {
            try
            {
                await http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "user-7"), new Claim("name", "Ada")], "Kiosk")));
                return "in";
            }
            catch (SignInRefusedException exception)
            {
                return exception.Reason.ToString();
            }
        });
        more?.Invoke(setup);
    });

    private static async Task<(Page Page, string Session)> SignInAsync(AuthApp app, string way)
    {
        using var browser = app.CreateBrowser();
        var page = way switch
        {
            "app" => await browser.FetchAsync(HttpMethod.Post, "/by-itself"),
            "password" => await browser.PressAsync(await browser.OpenAsync("/api/auth/signin"), "form[action*=password] button"),
            _ => await browser.SignInAsync(way),
        };
        while (page.Location is not null)
        {
            page = await browser.OpenAsync(page.Location.ToString());
        }

        return (page, await browser.SessionAsync());
    }
}
