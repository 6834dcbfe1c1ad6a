using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Snippets;

namespace BlazorAuth.Tests.Flows;

/// <summary>Controllers, and bearer tokens beside the cookie, as <c>docs/mvc-and-razor-pages.md</c> and <c>docs/apis-and-tokens.md</c> say.</summary>
public sealed class OtherKindsOfAppTests
{
    private static readonly SymmetricSecurityKey Key = new(Encoding.UTF8.GetBytes("a key of the tests, at least thirty-two bytes"));

    [Fact]
    public async Task AControllerNeedsASession()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Services = services => services.AddControllersWithViews().AddApplicationPart(typeof(NotesController).Assembly);
            setup.Map = app => app.MapDefaultControllerRoute();
        });
        using var browser = app.CreateBrowser();
        Assert.Equal("/api/auth/signin", (await browser.OpenAsync("/notes")).Address.AbsolutePath);
        await browser.SignInAsync("google");
        Assert.Contains("\"name\":\"Ada Lovelace\"", (await browser.OpenAsync("/notes")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATokenCountsBesideTheCookieAndNeitherReplacesTheOther()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Providers = builder =>
            {
                builder.AddGoogle();
                ApisAndTokens.Bearer(builder);
                builder.Services.Configure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, Trust);
            };
            setup.Use = app => app.UseAuthentication().UseAuthorization();
            setup.Map = ApisAndTokens.Map;
        });
        using var browser = app.CreateBrowser();
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.FetchAsync(HttpMethod.Get, "/api/me")).Status);
        var byToken = await browser.FetchAsync(HttpMethod.Get, "/api/me", null, ("Authorization", "Bearer " + Token(Key)));
        Assert.Equal((HttpStatusCode.OK, "Robot"), (byToken.Status, (string?)byToken.Json!["name"]));
        Assert.Equal("null", await browser.SessionAsync());

        await browser.SignInAsync("google");
        Assert.Equal("Ada Lovelace", (string?)(await browser.FetchAsync(HttpMethod.Get, "/api/me")).Json!["name"]);

        // Who brings a token is judged by it, whatever cookie comes with it.
        var forged = Token(new SymmetricSecurityKey(Encoding.UTF8.GetBytes("another key, at least thirty-two bytes long")));
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.FetchAsync(HttpMethod.Get, "/api/me", null, ("Authorization", "Bearer " + forged))).Status);

        using var robot = app.CreateBrowser();
        Assert.Equal(HttpStatusCode.Unauthorized, (await robot.FetchAsync(HttpMethod.Get, "/private", null, ("Authorization", "Bearer " + Token(Key)))).Status);
        Assert.DoesNotContain(app.Logs.Own, line => line.Event.Id == 651);
    }

    private static void Trust(JwtBearerOptions options)
    {
        (options.Authority, options.Audience) = (null, null);
        options.TokenValidationParameters = new() { IssuerSigningKey = Key, ValidIssuer = "https://id.example.com", ValidAudience = "notes-api" };
    }

    private static string Token(SymmetricSecurityKey key) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = "https://id.example.com",
        Audience = "notes-api",
        Subject = new ClaimsIdentity([new Claim("unique_name", "Robot")]),
        SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
    });
}
