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
        using var user = app.User();

        using var response = await user.GetAsync(path + "?a=1", Headers(accept, mode));

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 302)
        {
            Assert.Equal(
                $"{app.Auth}/signin?callbackUrl={Uri.EscapeDataString(path + "?a=1")}", response.Headers.Location!.OriginalString);
        }
        else
        {
            Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal("Sign in first.", (string?)(await HttpUser.JsonAsync(response))!["message"]);
        }
    }

    [Theory]
    [InlineData("*/*", "cors", 403)]
    [InlineData(Html, "navigate", 302)]
    public async Task WithoutTheRightAClientGetsAStatusAndAPersonThePage(string accept, string mode, int status)
    {
        await using var app = await StartAsync();
        using var user = app.User();
        using var signedIn = await user.SignInAsync();

        using var response = await user.GetAsync("/admins", Headers(accept, mode));

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task ARequestThatSaysItIsAScriptIsOne()
    {
        await using var app = await StartAsync();
        using var user = app.User();

        using var response = await user.GetAsync("/text", ("Accept", Html), ("X-Requested-With", "XMLHttpRequest"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task TheFrontEndCanReadARefusalAndThenTheAnswer()
    {
        await using var app = await StartAsync();
        using var user = app.User(FrontEnd);

        using var preflight = await user.PreflightAsync("/json", "GET", "content-type");
        using var refused = await user.GetAsync("/json");
        using var signedIn = await user.SignInAsync();
        using var answered = await user.GetAsync("/json");

        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("Ada", (string?)(await HttpUser.JsonAsync(answered))!["name"]);
        Assert.All(
            (HttpResponseMessage[])[preflight, refused, answered],
            response => Assert.Equal(FrontEnd, Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin"))));
    }

    private static Task<FrontEndApp> StartAsync() => FrontEndApp.StartAsync(
        FrontEnd,
        build: (builder, _) => builder.Services.AddAuthorization(options => options.AddPolicy("admins", policy => policy.RequireRole("admin"))),
        before: app =>
        {
            app.UseCors();
            app.UseAuthentication();
            app.UseAuthorization();
        },
        after: app =>
        {
            app.MapGet("/json", async (HttpContext http) => (await http.GetSessionAsync())!.User).RequireAuthorization().RequireCors(AuthOptions.CorsPolicy);
            app.MapGet("/text", () => "text").RequireAuthorization();
            app.MapGet("/always", () => new { }).RequireAuthorization().AllowCookieRedirect();
            app.MapGet("/never", () => "text").RequireAuthorization().DisableCookieRedirect();
            app.MapGet("/admins", () => "text").RequireAuthorization("admins");
        });

    private static (string Name, string Value)[] Headers(string? accept, string? mode)
    {
        var headers = new List<(string, string)>();
        if (accept is not null)
        {
            headers.Add(("Accept", accept));
        }

        if (mode is not null)
        {
            headers.Add(("Sec-Fetch-Mode", mode));
        }

        return [.. headers];
    }
}
