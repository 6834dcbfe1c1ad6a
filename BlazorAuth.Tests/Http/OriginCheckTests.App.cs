using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Http;

/// <summary>The app of these tests and the requests to it.</summary>
public sealed partial class OriginCheckTests
{
    private static Task<AuthApp> StartAsync() => AuthApp.StartAsync(setup =>
    {
        setup.Address = new Uri(Address);
        setup.Options = options => options.AllowedOrigins.Add("https://front.test");
        setup.Services = services => services.AddCors(cors =>
        {
            cors.AddDefaultPolicy(policy => policy.WithOrigins("https://default.test").AllowCredentials());
            cors.AddPolicy("partner", policy => policy.WithOrigins("https://partner.test").AllowCredentials());
        });
        setup.Map = app =>
        {
            app.UseCors();
            var who = async (HttpContext http) => (await http.GetSessionAsync())?.User.Name ?? "nobody";
            app.MapGet("/id", async (HttpContext http) => (await http.GetSessionAsync())!.User.Id);
            app.Map("/act", who);
            app.MapPost("/named", who).RequireCors("partner");
            app.MapPut("/named", who);
            app.MapPost("/without-credentials", who).RequireCors(policy => policy.WithOrigins("https://partner.test"));
            app.MapPost("/any", who).RequireCors(policy => policy.AllowAnyOrigin());
            app.MapPost("/any-with-credentials", who).RequireCors(policy => policy.SetIsOriginAllowed(_ => true).AllowCredentials());
            app.MapPost("/front-ends", who).RequireCors(AuthOptions.CorsPolicy);
            app.MapPost("/disabled", who).WithMetadata(new Microsoft.AspNetCore.Cors.DisableCorsAttribute());
            app.MapPost("/foreign", who).AllowForeignOrigins();
            app.MapPost("/sign-in", (HttpContext http) => http.SignInAsync(Principal("mallory", "Mallory")));
            app.MapPost("/sign-out", (HttpContext http) => http.SignOutAsync());
            app.MapGet("/enter", (HttpContext http) => http.SignInAsync(Principal(Guid.NewGuid().ToString(), "Ada Lovelace")));
        };
    });

    private static System.Security.Claims.ClaimsPrincipal Principal(string id, string name) =>
        new(new System.Security.Claims.ClaimsIdentity([new(AuthClaims.Subject, id), new(AuthClaims.Name, name)], "test"));

    /// <summary>The cookies of a person who has just signed in, and whose only session this is.</summary>
    private async Task<string> SessionOfAdaAsync(string address = Address)
    {
        using var answer = await SendAsync("", HttpMethod.Get, address + "/enter", null, null);
        return string.Join("; ", answer.Headers.GetValues("Set-Cookie").Select(header => header.Split(';')[0]));
    }

    private async Task<string> AskAsync(
        string cookie, HttpMethod method, string address, string? site, string? origin, string? upgrade = null)
    {
        using var answer = await SendAsync(cookie, method, address, site, origin, upgrade);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    // The cookie goes along whatever the browser would do: the check must not lean on SameSite.
    private async Task<HttpResponseMessage> SendAsync(
        string cookie, HttpMethod method, string address, string? site, string? origin, string? upgrade = null)
    {
        using var client = new HttpClient(App.CreateHandler());
        using var message = new HttpRequestMessage(method, new Uri(App.Address, address));
        foreach (var (name, value) in new[] { ("Cookie", cookie), ("Sec-Fetch-Site", site), ("Origin", origin), ("Upgrade", upgrade) })
        {
            if (value is not null && (name != "Cookie" || value.Length > 0))
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await client.SendAsync(message, TestContext.Current.CancellationToken);
    }

    public sealed class OpenApp : IAsyncLifetime
    {
        internal AuthApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await StartAsync();

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
