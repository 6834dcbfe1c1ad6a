using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace BlazorAuth.Tests.Sessions;

/// <summary>What somebody without a session gets: a browser is sent to sign in and back to the exact page, a client gets a status and JSON.</summary>
public sealed class SessionChallengeTests
{
    // With a fallback policy, for example: it would lead to itself, with a longer address each time.
    [Theory]
    [InlineData("/welcome", "/welcome")]
    [InlineData("/welcome", "/Welcome?callbackUrl=%2Fpage")]
    public async Task ASignInPageThatRequiresASignInIsNamed(string page, string address)
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Options = options => options.Pages.SignIn = page;
            setup.Map = host => host.MapGet("/welcome", () => "welcome").RequireAuthorization();
        });
        using var browser = app.CreateBrowser();

        var answer = await browser.GetAsync(address);

        Assert.Equal(System.Net.HttpStatusCode.InternalServerError, answer.Status);
        Assert.Contains("[AllowAnonymous]", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABrowserIsSentToSignInAndBackToTheExactPage()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        var page = await browser.OpenAsync("/private?a=1&b=%2F%3F");
        Assert.Equal("/api/auth/signin", page.Address.AbsolutePath);
        Assert.Equal("/private?a=1&b=%2F%3F", page.Query("callbackUrl"));
        var end = await browser.ChooseAsync(await browser.PressAsync(page, "form[action$='/google'] button"));
        Assert.Equal(("/private?a=1&b=%2F%3F", "Ada Lovelace"), (end.Address.PathAndQuery, end.Text));
    }

    [Theory]
    [InlineData("/private")]
    [InlineData("/api/private")]
    public async Task AScriptGetsAStatusAndJson(string path)
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        var answer = await browser.FetchAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.NotEmpty(JsonDocument.Parse(answer.Text).RootElement.GetProperty("message").GetString()!);
        Assert.True(answer.Response.Headers.CacheControl!.NoStore);
        Assert.Null(answer.Location);
    }

    // The columns: path; Accept; Sec-Fetch-Mode; X-Requested-With; whether it is sent to sign in.
    [Theory]
    [InlineData("/private", "text/html", null, null, true)]
    [InlineData("/private", "application/json", null, null, false)]
    [InlineData("/private", "*/*", null, null, false)]
    [InlineData("/private", "text/html", null, "XMLHttpRequest", false)]
    [InlineData("/private", "*/*", "navigate", null, true)]
    [InlineData("/private", "text/html", "cors", null, false)]
    [InlineData("/private", "text/html; blazor-enhanced-nav=on", "cors", null, true)]
    [InlineData("/api/private", "text/html", null, null, false)]
    [InlineData("/api/private", "text/html", "navigate", null, true)]
    [InlineData("/marked-api", "text/html", null, null, false)]
    [InlineData("/marked-page", "*/*", null, null, true)]
    public async Task WhoOpensAPageIsToldApartFromAClient(string path, string accept, string? mode, string? requestedWith, bool isSent)
    {
        await using var app = await StartAsync();
        using var client = new HttpClient(app.CreateHandler());
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Address, path));
        foreach (var (name, value) in new[] { ("Accept", accept), ("Sec-Fetch-Mode", mode), ("X-Requested-With", requestedWith) })
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(isSent ? HttpStatusCode.Found : HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task WhoMayNotIsToldSoAndNotSentInCircles()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var page = await browser.OpenAsync("/admins");
        Assert.Equal((HttpStatusCode.Forbidden, "/api/auth/error"), (page.Status, page.Address.AbsolutePath));
        Assert.Contains("No access", page.Document.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        var answer = await browser.FetchAsync(HttpMethod.Get, "/admins");
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.NotEmpty(JsonDocument.Parse(answer.Text).RootElement.GetProperty("message").GetString()!);
    }

    [Fact]
    public async Task RolesOfTheTokenAreRolesOfThePrincipal()
    {
        await using var app = await StartAsync(options => options.Callbacks.OnToken = context =>
        {
            context.Claims["roles"] = new System.Text.Json.Nodes.JsonArray("admin", "editor");
            return ValueTask.FromResult(true);
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        Assert.Equal("admins only", (await browser.OpenAsync("/admins")).Text);
    }

    private static Task<AuthApp> StartAsync(Action<AuthOptions>? configure = null) => AuthApp.StartAsync(setup =>
    {
        setup.Options = configure;
        setup.Map = app =>
        {
            app.MapGet("/admins", () => "admins only").RequireAuthorization(policy => policy.RequireRole("admin"));
            app.MapGet("/marked-api", () => "").RequireAuthorization().WithMetadata(new NoRedirect());
            app.MapGet("/marked-page", () => "").RequireAuthorization().WithMetadata(new Redirect());
        };
    });

    private sealed class NoRedirect : IDisableCookieRedirectMetadata;

    private sealed class Redirect : IAllowCookieRedirectMetadata;
}
