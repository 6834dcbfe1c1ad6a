using System.Net;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Http;

/// <summary>
/// Where <c>WebApplication</c> authenticates before the app's own <c>UseRouting</c>, as with MVC and <c>UsePathBase</c>, and where the app does: whether the session of a
/// request from another origin counts depends on its endpoint all the same.
/// </summary>
public sealed class LateEndpointTests
{
    private const string Front = "https://front.app.example";
    private const string Partner = "https://partner.app.example";
    private const string Default = "https://default.app.example";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Orders => ["none", "authorization", "routing", "routing and all", "authentication first", "path base"];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task AnOriginIsLetInWhereItsEndpointSaysSo(string order)
    {
        await using var app = await StartAsync(order);
        var cookie = await EnterAsync(app);
        foreach (var (path, origin, counts) in new[]
        {
            ("/foreign", "https://payments.example", true), ("/front-ends", Front, true), ("/front-ends", Partner, false), ("/named", Partner, true), ("/named", Default, false),
            ("/disabled", Default, false), ("/disabled", Front, false), ("/plain", Default, true), ("/plain", Front, false),
        })
        {
            using var open = await SendAsync(app, HttpMethod.Post, path, cookie, origin);
            using var guarded = await SendAsync(app, HttpMethod.Post, path + "-guarded", cookie, origin);

            Assert.Equal((path, origin, counts ? "Ada Ada" : "nobody nobody"), (path, origin, await open.Content.ReadAsStringAsync(Token)));
            Assert.Equal((path, origin, counts ? HttpStatusCode.OK : HttpStatusCode.Unauthorized), (path, origin, guarded.StatusCode));
        }

        using var own = await SendAsync(app, HttpMethod.Post, "/disabled-guarded", cookie, origin: null);
        Assert.Equal("Ada Ada", await own.Content.ReadAsStringAsync(Token));
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 212 && line.Text.Contains(Partner, StringComparison.Ordinal));
    }

    // An app whose transformation makes a principal of its own.
    [Theory]
    [MemberData(nameof(Orders))]
    public async Task NobodyStaysSignedInByAPrincipalOfTheApp(string order)
    {
        await using var app = await StartAsync(order, setup => setup.Services += services => services.AddSingleton<IClaimsTransformation, OwnPrincipal>());
        var cookie = await EnterAsync(app);

        using var guarded = await SendAsync(app, HttpMethod.Post, "/disabled-guarded", cookie, Default);
        using var own = await SendAsync(app, HttpMethod.Post, "/disabled-guarded", cookie, origin: null);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (guarded.StatusCode, own.StatusCode));
    }

    // What a front end does with next-auth/react, and nothing else set than AUTH_ALLOWED_ORIGINS.
    [Theory]
    [MemberData(nameof(Orders))]
    public async Task AFrontEndUpdatesAndSignsOut(string order)
    {
        await using var app = await StartAsync(order);
        var cookie = await EnterAsync(app);
        using var csrf = await SendAsync(app, HttpMethod.Get, "/api/auth/csrf", cookie, Front);
        var token = (string)JsonNode.Parse(await csrf.Content.ReadAsStringAsync(Token))!["csrfToken"]!;
        var all = cookie + "; " + Cookies(csrf);

        using var updated = await SendAsync(app, HttpMethod.Post, "/api/auth/session", all, Front, new StringContent($"{{\"csrfToken\":\"{token}\",\"data\":{{}}}}", System.Text.Encoding.UTF8, "application/json"));
        using var left = await SendAsync(app, HttpMethod.Post, "/api/auth/signout", all, Front, new FormUrlEncodedContent([new("csrfToken", token)]));

        Assert.Contains("Ada", await updated.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, left.StatusCode);
        Assert.Empty(await app.Sessions.ListAsync("ada", Token));
        using var copy = await SendAsync(app, HttpMethod.Get, "/api/auth/session", cookie, origin: null);
        Assert.Equal("null", await copy.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task AnEndpointThatForeignPagesPostToSignsOutAndInAgain(string order)
    {
        await using var app = await StartAsync(order);
        var cookie = await EnterAsync(app);
        using var again = await SendAsync(app, HttpMethod.Post, "/enter-again", cookie, "https://payments.example");
        Assert.Single(await app.Sessions.ListAsync("ada", Token));

        using var left = await SendAsync(app, HttpMethod.Post, "/leave", Cookies(again), "https://payments.example");

        Assert.Empty(await app.Sessions.ListAsync("ada", Token));
    }

    // docs/live-sessions.md: the script keeps the session of whoever types alive.
    [Theory]
    [MemberData(nameof(Orders))]
    public async Task ASessionThatIsReadStaysAlive(string order)
    {
        await using var app = await StartAsync(order, setup =>
        {
            setup.Settings["AUTH_SESSION_IDLE_LIFETIME"] = "00:20:00";
            setup.Settings["AUTH_SESSION_UPDATE_AGE"] = "00:05:00";
        });
        var cookie = await EnterAsync(app);
        for (var minutes = 0; minutes < 60; minutes += 6)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(6));
            using var read = await SendAsync(app, HttpMethod.Get, (order == "path base" ? "/app" : "") + "/api/auth/session", cookie, origin: null);
            Assert.Contains("Ada", await read.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
            cookie = Cookies(read) is { Length: > 0 } renewed ? renewed : cookie;
        }
    }

    private static Task<AuthApp> StartAsync(string order, Action<AuthAppSetup>? more = null) => AuthApp.StartAsync(setup =>
    {
        setup.Address = new Uri("https://app.example");
        setup.Options = options => options.AllowedOrigins.Add(Front);
        setup.Services = services => services.AddCors(cors =>
        {
            cors.AddDefaultPolicy(policy => policy.WithOrigins(Default).AllowCredentials());
            cors.AddPolicy("partner", policy => policy.WithOrigins(Partner).AllowCredentials());
        });
        setup.Use = app => Use(app, order);
        setup.Map = Map;
        more?.Invoke(setup);
    });

    private static void Use(WebApplication app, string order)
    {
        switch (order)
        {
            case "authorization":
                app.UseAuthorization();
                break;
            case "routing":
                app.UseRouting();
                app.UseAuthorization();
                break;
            case "routing and all":
                app.UseRouting();
                app.UseAuthentication();
                app.UseAuthorization();
                break;
            case "authentication first":
                app.UseAuthentication();
                app.UseRouting();
                app.UseAuthorization();
                break;
            case "path base":
                app.UsePathBase("/app");
                app.UseRouting();
                app.UseAuthorization();
                break;
            case "none":
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(order), order, "No such order.");
        }
    }

    private static void Map(WebApplication app)
    {
        app.UseCors();
        var who = async (HttpContext http) => $"{http.User.Identity?.Name ?? "nobody"} {(await http.GetSessionAsync())?.User.Name ?? "nobody"}";
        app.MapPost("/foreign", who).AllowForeignOrigins();
        app.MapPost("/foreign-guarded", who).AllowForeignOrigins().RequireAuthorization();
        app.MapPost("/front-ends", who).RequireCors(AuthOptions.CorsPolicy);
        app.MapPost("/front-ends-guarded", who).RequireCors(AuthOptions.CorsPolicy).RequireAuthorization();
        app.MapPost("/named", who).RequireCors("partner");
        app.MapPost("/named-guarded", who).RequireCors("partner").RequireAuthorization();
        app.MapPost("/disabled", who).WithMetadata(new DisableCorsAttribute());
        app.MapPost("/disabled-guarded", who).WithMetadata(new DisableCorsAttribute()).RequireAuthorization();
        app.MapPost("/plain", who);
        app.MapPost("/plain-guarded", who).RequireAuthorization();
        app.MapGet("/enter", (HttpContext http) => http.SignInAsync(Ada()));
        app.MapPost("/enter-again", (HttpContext http) => http.SignInAsync(Ada())).AllowForeignOrigins();
        app.MapPost("/leave", (HttpContext http) => http.SignOutAsync()).AllowForeignOrigins();
    }

    private static ClaimsPrincipal Ada() => new(new ClaimsIdentity([new(AuthClaims.Subject, "ada"), new(AuthClaims.Name, "Ada")], "test"));

    private static async Task<string> EnterAsync(AuthApp app)
    {
        using var answer = await SendAsync(app, HttpMethod.Get, "/enter", "", origin: null);
        return Cookies(answer);
    }

    private static string Cookies(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? string.Join("; ", cookies.Select(cookie => cookie.Split(';')[0])) : "";

    private static async Task<HttpResponseMessage> SendAsync(AuthApp app, HttpMethod method, string path, string cookie, string? origin, HttpContent? body = null)
    {
        using var client = new HttpClient(app.CreateHandler());
        using var message = new HttpRequestMessage(method, new Uri(app.Address, path)) { Content = body };
        (string, string?)[] headers =
        [
            ("Cookie", cookie.Length == 0 ? null : cookie), ("Origin", origin), ("Sec-Fetch-Site", origin is null ? "same-origin" : "same-site"),
            ("X-Auth-Return-Redirect", body is null ? null : "1"),
        ];
        foreach (var (name, value) in headers)
        {
            if (value is not null)
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await client.SendAsync(message, Token);
    }

    private sealed class OwnPrincipal : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal) => Task.FromResult(
            principal.Identity?.IsAuthenticated == true ? new ClaimsPrincipal(new ClaimsIdentity(principal.Claims, "own", AuthClaims.Name, AuthClaims.Roles)) : principal);
    }
}
