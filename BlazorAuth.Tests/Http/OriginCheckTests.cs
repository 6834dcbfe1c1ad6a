using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Tests.Http;

/// <summary>Whose request it is: the session counts only where no page of another origin can have sent it.</summary>
public sealed class OriginCheckTests(OriginCheckTests.OpenApp fixture) : IClassFixture<OriginCheckTests.OpenApp>
{
    private const string Address = "https://app.example";

    // The columns: the app's address; Sec-Fetch-Site; Origin; whether the session counts for a POST.
    public static TheoryData<string, string?, string?, bool> Posts => new()
    {
        // Over https, and on localhost, browsers say where a POST comes from.
        { "https://app.example", "same-origin", "https://app.example", true },
        { "https://app.example", "same-origin", "null", true },
        { "https://app.example", "none", null, true },
        { "https://app.example", "same-site", "https://sibling.app.example", false },
        { "https://app.example", "same-site", "https://app.example:8443", false },
        { "https://app.example", "cross-site", "https://evil.test", false },
        { "https://app.example", "cross-site", "null", false },
        { "https://app.example", "cross-site", null, false },
        { "https://app.example", "cross-site", "https://app.example", false },
        { "https://app.example", "Same-Origin", "https://app.example", false },
        { "https://app.example", "same-origin, cross-site", "https://app.example", false },
        { "http://localhost:5000", "same-origin", "http://localhost:5000", true },
        { "http://localhost:5000", "none", null, true },
        { "http://localhost:5000", "same-site", "http://localhost:3000", false },
        { "http://localhost:5000", "cross-site", "http://127.0.0.1:5000", false },
        { "http://localhost:5000", "cross-site", "null", false },

        // Over plain http they do not, nor do other clients anywhere: Origin decides.
        { "http://intranet.example", null, "http://intranet.example", true },
        { "http://intranet.example", null, "http://intranet.example:8080", false },
        { "http://intranet.example", null, "http://sibling.intranet.example", false },
        { "http://intranet.example", null, "http://evil.test", false },
        { "http://intranet.example", null, "null", false },
        { "http://intranet.example", null, null, true },
        { "http://intranet.example:8080", null, "http://intranet.example:8080", true },
        { "http://intranet.example:8080", null, "http://intranet.example", false },
        { "https://app.example", null, "https://app.example", true },
        { "https://app.example", null, "http://app.example", true },
        { "https://app.example", null, "https://app.example:443", true },
        { "https://app.example", null, "https://app.example:80", false },
        { "https://app.example", null, "https://APP.example", true },
        { "https://app.example", null, "https://app.example/", false },
        { "https://app.example", null, "https://app.example.evil.test", false },
        { "https://app.example", null, "https://evil@app.example", false },
        { "https://app.example", null, "chrome-extension://app.example", false },
        { "https://app.example", null, null, true },
        { "http://localhost:5000", null, "http://localhost:5000", true },
        { "http://localhost:5000", null, "http://localhost:3000", false },
        { "http://localhost:5000", null, "http://127.0.0.1:5000", false },
        { "http://[::1]:5000", null, "http://[::1]:5000", true },
    };

    // WebSocket handshakes carry no Sec-Fetch-Site.
    public static TheoryData<string, string?, bool> WebSockets => new()
    {
        { "https://app.example", "https://app.example", true },
        { "https://app.example", "https://sibling.app.example", false },
        { "https://app.example", "https://app.example:8443", false },
        { "https://app.example", "https://evil.test", false },
        { "https://app.example", "null", false },
        { "https://app.example", null, true },
        { "http://intranet.example", "http://intranet.example", true },
        { "http://intranet.example", "http://sibling.intranet.example", false },
        { "http://intranet.example", "http://evil.test", false },
        { "http://intranet.example", "null", false },
        { "http://intranet.example", null, true },
        { "http://localhost:5000", "http://localhost:5000", true },
        { "http://localhost:5000", "http://localhost:3000", false },
        { "http://localhost:5000", "http://127.0.0.1:5000", false },
        { "http://localhost:5000", "null", false },
        { "http://localhost:5000", null, true },
    };

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task APostCountsOnlyIfNoForeignPageCanHaveMadeIt(string address, string? site, string? origin, bool counts)
    {
        var cookie = await SessionOfAdaAsync(address);
        Assert.Equal(counts ? "Ada Lovelace" : "nobody", await AskAsync(cookie, HttpMethod.Post, address + "/act", site, origin));
    }

    [Theory]
    [MemberData(nameof(WebSockets))]
    public async Task AWebSocketCountsOnlyIfNoForeignPageCanHaveOpenedIt(string address, string? origin, bool counts)
    {
        var cookie = await SessionOfAdaAsync(address);
        Assert.Equal(counts ? "Ada Lovelace" : "nobody", await AskAsync(cookie, HttpMethod.Get, address + "/page", null, origin, upgrade: "websocket"));
        Assert.Equal(counts ? "Ada Lovelace" : "nobody", await AskAsync(cookie, HttpMethod.Get, address + "/page", null, origin, upgrade: "h2c, WebSocket"));
    }

    [Theory]
    [InlineData("same-site", "https://sibling.app.example")]
    [InlineData("cross-site", "https://evil.test")]
    [InlineData("cross-site", null)]
    [InlineData(null, "null")]
    public async Task ReadingCountsAsBeforeBecauseTheBrowserGuardsTheAnswer(string? site, string? origin)
    {
        var cookie = await SessionOfAdaAsync();
        Assert.Equal("Ada Lovelace", await AskAsync(cookie, HttpMethod.Get, "/page", site, origin));
        Assert.Equal("Ada Lovelace", await AskAsync(cookie, HttpMethod.Options, "/act", site, origin));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("QUERY")]
    public async Task EveryOtherMethodIsJudged(string method)
    {
        var cookie = await SessionOfAdaAsync();
        Assert.Equal("nobody", await AskAsync(cookie, new HttpMethod(method), "/act", "cross-site", "https://evil.test"));
        Assert.Equal("Ada Lovelace", await AskAsync(cookie, new HttpMethod(method), "/act", "same-origin", "https://app.example"));
    }

    [Fact]
    public async Task AWebSocketOverHttp2IsJudgedToo()
    {
        var check = App.Services.GetRequiredService<OriginCheck>();
        foreach (var method in (string[])["CONNECT", "GET"])
        {
            var http = new DefaultHttpContext { RequestServices = App.Services };
            http.Features.Set<IHttpExtendedConnectFeature>(new ExtendedConnect());
            (http.Request.Method, http.Request.Host, http.Request.Headers.Origin) = (method, new HostString("app.example"), "https://evil.test");
            Assert.True(await check.IsForeignAsync(http));
        }
    }

    [Theory]
    [InlineData("/named", "https://partner.test", true)]
    [InlineData("/named", "https://evil.test", false)]
    [InlineData("/named", "null", false)]
    [InlineData("/without-credentials", "https://partner.test", false)]
    [InlineData("/any", "https://partner.test", false)]
    [InlineData("/any-with-credentials", "https://partner.test", false)]
    [InlineData("/front-ends", "https://front.test", true)]
    [InlineData("/front-ends", "https://partner.test", false)]
    [InlineData("/disabled", "https://default.test", false)]
    [InlineData("/act", "https://default.test", true)]
    [InlineData("/act", "https://front.test", false)]
    [InlineData("/foreign", "https://evil.test", true)]
    [InlineData("/foreign", "null", true)]
    public async Task AnEndpointLetsInWhomItsCorsPolicyNamesOrEverybodyIfItSaysSo(string path, string origin, bool counts)
    {
        var cookie = await SessionOfAdaAsync();
        Assert.Equal(counts ? "Ada Lovelace" : "nobody", await AskAsync(cookie, HttpMethod.Post, path, "cross-site", origin));
        Assert.Equal(counts ? "Ada Lovelace" : "nobody", await AskAsync(cookie, HttpMethod.Post, path, null, origin));
    }

    [Fact]
    public async Task AForeignRequestNeitherWritesNorDeletesACookie()
    {
        var cookie = await SessionOfAdaAsync();
        var id = await AskAsync(cookie, HttpMethod.Get, "/id", null, null);
        foreach (var path in (string[])["/sign-in", "/sign-out", "/act", "/api/auth/signout", "/api/auth/session", "/api/auth/signin/github", "/api/auth/session/handover"])
        {
            using var answer = await SendAsync(cookie, HttpMethod.Post, path, "same-site", "https://sibling.app.example");
            Assert.False(answer.Headers.Contains("Set-Cookie"), path);
        }

        Assert.Equal("Ada Lovelace", await AskAsync(cookie, HttpMethod.Get, "/page", null, null));
        Assert.Single(await App.Sessions.ListAsync(id, TestContext.Current.CancellationToken));
        Assert.Empty(await App.Sessions.ListAsync("mallory", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task TheLogNamesOnceForEachEndpointAndOriginWhatWouldLetItIn()
    {
        var cookie = await SessionOfAdaAsync();
        for (var i = 0; i < 3; i++)
        {
            await AskAsync(cookie, HttpMethod.Post, "/act", "same-site", "https://warned.app.example");
        }

        await AskAsync(cookie, HttpMethod.Post, "/sign-out", "same-site", "https://warned.app.example");
        await AskAsync("", HttpMethod.Put, "/named", "cross-site", "https://without-a-session.test");

        var lines = App.Logs.Own.Where(line => line.Event.Name == "SessionNotCounted").ToList();
        var warned = lines.Where(line => line.Text.Contains("https://warned.app.example", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, warned.Count);
        Assert.All(warned, line => Assert.Contains(".AllowForeignOrigins()", line.Text, StringComparison.Ordinal));
        Assert.Contains(warned, line => line.Text.Contains("A POST request to /act ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Text.Contains("without-a-session", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AHubThatAllowsForeignOriginsStopsTheStart()
    {
        var exception = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup =>
        {
            setup.Services = services => services.AddSignalR();
            setup.Map = app => app.MapHub<Chat>("/chat").AllowForeignOrigins();
        }));
        Assert.Contains("Chat", exception.Message, StringComparison.Ordinal);
        Assert.Contains("RequireCors", exception.Message, StringComparison.Ordinal);

        exception = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup =>
        {
            setup.Services = services => services.AddSignalR();
            setup.Map = app => app.MapHub<OpenChat>("/chat");
        }));
        Assert.Contains("OpenChat", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OurOwnEndpointsStayClosedHoweverTheyAreMapped()
    {
        var exception = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup =>
            setup.Map = app => app.MapGroup("/second").MapBlazorAuth().AllowForeignOrigins()));
        Assert.Contains("AUTH_ALLOWED_ORIGINS", exception.Message, StringComparison.Ordinal);

        exception = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup =>
            setup.Map = app => app.MapGroup("/second").MapBlazorAuth().RequireCors("own")));
        Assert.Contains("AUTH_ALLOWED_ORIGINS", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authorization", "Basic !!!")]
    [InlineData("Authorization", "Bearer")]
    [InlineData("Authorization", "\"")]
    [InlineData("Cookie", ";;;=;__Host-authjs.session-token;=x;%FF=%FF")]
    [InlineData("Origin", "//\\")]
    [InlineData("Referer", "::")]
    [InlineData("Sec-Fetch-Site", ",")]
    [InlineData("Upgrade", ",,")]
    [InlineData("X-Forwarded-For", "unknown, [::")]
    [InlineData("Accept-Language", "*;q=x,,-")]
    [InlineData("Accept", "/;q=")]
    [InlineData("User-Agent", "()<>")]
    public async Task NoHeaderIsAServerError(string name, string value)
    {
        using var client = new HttpClient(App.CreateHandler());
        foreach (var (method, path) in new[] { ("GET", "session"), ("GET", "signin"), ("GET", "error"), ("GET", "callback/google"), ("POST", "signin/google"), ("POST", "signout"), ("POST", "session") })
        {
            using var message = new HttpRequestMessage(new HttpMethod(method), new Uri(App.Address, "/api/auth/" + path));
            message.Headers.TryAddWithoutValidation(name, value);
            using var answer = await client.SendAsync(message, TestContext.Current.CancellationToken);
            Assert.True((int)answer.StatusCode < 500, $"{method} {path}: {(int)answer.StatusCode}");
        }
    }

    private AuthApp App => fixture.App;

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

    private sealed class ExtendedConnect : IHttpExtendedConnectFeature
    {
        public bool IsExtendedConnect => true;

        public string? Protocol => "websocket";

        public ValueTask<Stream> AcceptAsync() => throw new NotSupportedException();
    }

    private sealed class Chat : Hub;

    [AllowForeignOrigins]
    private sealed class OpenChat : Hub;
}
