using System.Net;
using System.Net.Http.Json;
using BlazorAuth.Tests.FrontEnd;

namespace BlazorAuth.Tests.Endpoints;

/// <summary>Credentials, which are posted to the callback, in the three modes of <c>contract/endpoints.md</c> §7 and §8.</summary>
public sealed partial class CallbackEndpointTests
{
    private const string Form = "form";
    private const string V5 = "v5";
    private const string V4 = "v4";

    public static TheoryData<string, string, int, string> Refusals => new()
    {
        { "eve", Form, 302, "/signin?error=CredentialsSignin&code=credentials" },
        { "eve", V5, 200, "/signin?error=CredentialsSignin&code=credentials" },
        { "eve", V4, 401, "/signin?error=CredentialsSignin&code=credentials" },
        { "custom", Form, 302, "/signin?error=CredentialsSignin&code=locked_out" },
        { "custom", V5, 200, "/signin?error=CredentialsSignin&code=locked_out" },
        { "custom", V4, 401, "/signin?error=CredentialsSignin&code=locked_out" },
        { "throws", Form, 302, "/error?error=Configuration" },
        { "throws", V5, 200, "/error?error=Configuration" },
        { "throws", V4, 401, "/error?error=Configuration" },
        { "bob", Form, 302, "/error?error=AccessDenied" },
        { "bob", V5, 200, "/error?error=AccessDenied" },
        { "bob", V4, 403, "/error?error=AccessDenied" },
    };

    public static TheoryData<string> Modes => [Form, V5, V4];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task RightCredentialsSignInAndGoWhereTheFormSaid(string mode)
    {
        await using var app = await Passwords.StartAppAsync();
        using var user = app.CreateClient();

        var response = await SignInAsync(user, "ada", mode);

        Assert.Equal(mode == Form ? HttpStatusCode.Found : HttpStatusCode.OK, response.Status);
        Assert.Equal(app.Origin + "/notes", Target(response, mode));
        Assert.Equal("Ada", await user.NameAsync());
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task ARefusalHasTheStatusAndCodeOfItsMode(string name, string mode, int status, string target)
    {
        await using var app = await Passwords.StartAppAsync(null, setup => setup.Options = options => options.Callbacks.OnSignIn = context =>
            ValueTask.FromResult(context.User.Name == "Bob" ? SignInDecision.Deny : SignInDecision.Allow));
        using var user = app.CreateClient();

        var response = await SignInAsync(user, name, mode);

        Assert.Equal(status, (int)response.Status);
        Assert.StartsWith(app.Auth + target, Target(response, mode), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", response.Text + response.Location, StringComparison.Ordinal);
        Assert.Null(await user.NameAsync());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task WithoutTheCsrfTokenNobodyIsJudged(string mode)
    {
        await using var app = await Passwords.StartAppAsync();
        using var user = app.CreateClient();

        var response = await user.FetchAsync(HttpMethod.Post, "/api/auth/callback/password", new FormUrlEncodedContent(Fields("ada", mode)), Headers(mode));

        Assert.Equal(mode == Form ? HttpStatusCode.Found : HttpStatusCode.OK, response.Status);
        Assert.StartsWith(app.Auth + "/signin?error=MissingCSRF", Target(response, mode), StringComparison.Ordinal);
        Assert.Null(await user.NameAsync());
    }

    // Where the app makes an id of what was typed, anybody chooses it.
    [Theory]
    [InlineData("u", 1024, true)]
    [InlineData("u", 1025, false)]
    [InlineData("u", 60_000, false)]
    [InlineData("ä", 1000, true)]
    [InlineData("€", 667, false)]
    [InlineData("a\0b", 1, false)]
    [InlineData("all-sessions-of:PN2kf1BtRfUkHrSeRJdgAQZ7vNKrVQW0tVpbQWo3PcM", 1, false)]
    [InlineData("a\nwarn: BlazorAuth.SessionManager[1] User 7 was banned.", 1, false)]
    [InlineData("a\u001b[2Jb", 1, false)]
    public async Task AnIdThatNoStoreKeepsIsABadRequest(string typed, int times, bool isKept)
    {
        var id = string.Concat(Enumerable.Repeat(typed, times));
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.StandIns = false;
            setup.Providers = builder => builder.AddCredentials("typed", context => ValueTask.FromResult(
                CredentialsResult.Accept(new SessionUser { Id = id, Name = context.Form["user"] })));
        });
        using var browser = app.CreateBrowser();

        var page = await browser.PressAsync(await browser.OpenAsync("/api/auth/signin?callbackUrl=/page"), "button", ("user", "Ada"), ("password", "x"));
        var answer = await browser.FetchFormAsync("/api/auth/callback/typed", new() { ["user"] = "Ada", ["json"] = "true" });

        Assert.Equal(isKept ? (HttpStatusCode.OK, "Ada") : (HttpStatusCode.BadRequest, "ProviderAnswer"), (page.Status, isKept ? page.Text : page.Query("reason")));
        Assert.Equal(isKept ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(isKept, await browser.SessionAsync() != "null");
        Assert.DoesNotContain(app.Logs.Own, line => line.Text.Any(char.IsControl));
    }

    // The parser takes it, and a dictionary of its members does not.
    [Fact]
    public async Task AMemberThatStandsTwiceInJsonCountsOnce()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.StandIns = false;
            setup.Providers = builder => builder.AddCredentials("typed", context => ValueTask.FromResult(
                CredentialsResult.Accept(new SessionUser { Id = context.Form["user"].ToString() })));
        });
        using var user = app.CreateClient();

        var answer = await user.FetchAsync(
            HttpMethod.Post, "/api/auth/callback/typed", new StringContent("""{"user":"a","user":"b"}""", System.Text.Encoding.UTF8, "application/json"),
            ("X-CSRF-Token", await user.CsrfTokenAsync()), ("X-Auth-Return-Redirect", "1"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("/", answer.Location?.AbsolutePath ?? new Uri((string)answer.Json!["url"]!).AbsolutePath);
        Assert.Single(await app.Sessions.ListAsync("b", TestContext.Current.CancellationToken));
        Assert.DoesNotContain(app.Logs.Own, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    // Whoever answers for a provider needs no token.
    [Fact]
    public async Task NorDoesItBreakTheCallbackOfAProvider()
    {
        await using var app = await AuthApp.StartAsync();
        using var user = app.CreateClient();

        var answer = await user.FetchAsync(
            HttpMethod.Post, "/api/auth/callback/google", new StringContent("""{"state":"a","state":"b"}""", System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        Assert.Equal("/api/auth/error", answer.Location!.AbsolutePath);
    }

    [Fact]
    public async Task TheTokenIsTakenFromTheHeaderToo()
    {
        await using var app = await Passwords.StartAppAsync();
        using var user = app.CreateClient();
        var token = await user.CsrfTokenAsync();

        var response = await user.FetchAsync(
            HttpMethod.Post, "/api/auth/callback/password", JsonContent.Create(new { user = "ada", password = "ada", attempts = 1 }),
            ("X-CSRF-Token", token), ("X-Auth-Return-Redirect", "1"));

        Assert.Equal(HttpStatusCode.OK, response.Status);
        Assert.Equal("Ada", await user.NameAsync());
    }

    [Fact]
    public async Task TheAppMayLockOut()
    {
        var failures = 0;
        await using var app = await Passwords.StartAppAsync(null, setup => setup.Providers = schemes => schemes.AddCredentials("pin", context =>
        {
            Assert.NotNull(context.HttpContext.Connection.RemoteIpAddress);
            return ValueTask.FromResult(
                failures >= 2 ? CredentialsResult.Refuse("locked_out")
                : context.Form["pin"] == "1234" ? CredentialsResult.Accept(new SessionUser { Id = "u-pin" })
                : CountedRefusal());
        }));
        using var user = app.CreateClient();
        var codes = new List<string>();
        foreach (var pin in (string[])["1", "2", "1234"])
        {
            var response = await user.FetchFormAsync("/api/auth/callback/pin", new() { ["pin"] = pin });
            codes.Add(Page.Query(response.Location!, "code")!);
        }

        Assert.Equal(["credentials", "credentials", "locked_out"], codes);
        Assert.Null(await user.NameAsync());

        CredentialsResult CountedRefusal()
        {
            failures++;
            return CredentialsResult.Refuse();
        }
    }

    private static Dictionary<string, string> Fields(string name, string mode)
    {
        var fields = new Dictionary<string, string> { ["user"] = name, ["password"] = name, ["callbackUrl"] = "/notes" };
        if (mode == V4)
        {
            fields["json"] = "true";
            fields["redirect"] = "false";
        }

        return fields;
    }

    private static (string Name, string? Value)[] Headers(string mode) => mode == V5 ? [("X-Auth-Return-Redirect", "1")] : [];

    private static Task<Page> SignInAsync(Browser user, string name, string mode) =>
        user.FetchFormAsync("/api/auth/callback/password", Fields(name, mode), Headers(mode));

    private static string? Target(Page response, string mode) => mode == Form ? response.Response.Headers.Location?.OriginalString : response.Url;
}
