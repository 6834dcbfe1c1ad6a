using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Tests.FrontEnd;

/// <summary>What protected endpoints of the app answer without a session: 401 as JSON to a client, the sign-in page to a person.</summary>
public sealed class ApiChallengeTests
{
    private const string FrontEnd = "http://localhost:5173";
    private const string Html = "text/html,application/xhtml+xml";

    [Theory]
    [InlineData("/json", null, null, 401)]
    [InlineData("/json", "*/*", "cors", 401)]
    [InlineData("/json", "application/json", null, 401)]
    [InlineData("/json", Html, null, 401)]
    [InlineData("/json", Html, "navigate", 302)]
    [InlineData("/text", null, null, 401)]
    [InlineData("/text", "*/*", "cors", 401)]
    [InlineData("/text", "*/*", "same-origin", 401)]
    [InlineData("/text", Html, "cors", 401)]
    [InlineData("/text", Html, null, 302)]
    [InlineData("/text", Html, "navigate", 302)]
    [InlineData("/always", "*/*", "cors", 302)]
    [InlineData("/never", Html, null, 401)]
    public async Task WithoutASessionAClientGetsAStatusAndAPersonTheSignInPage(string path, string? accept, string? mode, int status)
    {
        await using var app = await StartAsync();
        using var user = app.CreateClient();

        var response = await user.FetchAsync(HttpMethod.Get, path + "?a=1", null, ("Accept", accept), ("Sec-Fetch-Mode", mode));

        Assert.Equal(status, (int)response.Status);
        if (status == 302)
        {
            Assert.Equal(
                $"{app.Auth}/signin?callbackUrl={Uri.EscapeDataString(path + "?a=1")}", response.Response.Headers.Location!.OriginalString);
        }
        else
        {
            Assert.Equal("application/json", response.Response.Content.Headers.ContentType!.MediaType);
            Assert.Equal("Sign in first.", (string?)response.Json!["message"]);
        }
    }

    [Theory]
    [InlineData("*/*", "cors", 403)]
    [InlineData(Html, "navigate", 302)]
    public async Task WithoutTheRightAClientGetsAStatusAndAPersonThePage(string accept, string mode, int status)
    {
        await using var app = await StartAsync();
        using var user = app.CreateClient();
        await user.SignInWithPasswordAsync();

        var response = await user.FetchAsync(HttpMethod.Get, "/admins", null, ("Accept", accept), ("Sec-Fetch-Mode", mode));

        Assert.Equal(status, (int)response.Status);
    }

    [Fact]
    public async Task ARequestThatSaysItIsAScriptIsOne()
    {
        await using var app = await StartAsync();
        using var user = app.CreateClient();

        var response = await user.FetchAsync(HttpMethod.Get, "/text", null, ("Accept", Html), ("X-Requested-With", "XMLHttpRequest"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.Status);
    }

    [Fact]
    public async Task TheFrontEndCanReadARefusalAndThenTheAnswer()
    {
        await using var app = await StartAsync();
        using var user = app.CreateClient(FrontEnd);

        var preflight = await user.PreflightAsync("/json", "GET", "content-type");
        var refused = await user.FetchAsync(HttpMethod.Get, "/json");
        await user.SignInWithPasswordAsync();
        var answered = await user.FetchAsync(HttpMethod.Get, "/json");

        Assert.Equal(HttpStatusCode.NoContent, preflight.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.Equal("Ada", (string?)answered.Json!["name"]);
        Assert.All(
            (Page[])[preflight, refused, answered],
            response => Assert.Equal(FrontEnd, Assert.Single(response.Response.Headers.GetValues("Access-Control-Allow-Origin"))));
    }

    private static Task<AuthApp> StartAsync() => Passwords.StartAppAsync(FrontEnd, setup =>
    {
        setup.Services = services => services.AddAuthorization(options => options.AddPolicy("admins", policy => policy.RequireRole("admin")));
        setup.Use = app =>
        {
            app.UseCors();
            app.UseAuthentication();
            app.UseAuthorization();
        };
        setup.Map = app =>
        {
            app.MapGet("/json", async (HttpContext http) => (await http.GetSessionAsync())!.User).RequireAuthorization().RequireCors(AuthOptions.CorsPolicy);
            app.MapGet("/text", () => "text").RequireAuthorization();
            app.MapGet("/always", () => new { }).RequireAuthorization().AllowCookieRedirect();
            app.MapGet("/never", () => "text").RequireAuthorization().DisableCookieRedirect();
            app.MapGet("/admins", () => "text").RequireAuthorization("admins");
        };
    });
}
