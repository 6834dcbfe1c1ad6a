using System.Security.Cryptography;
using System.Text;
using BlazorAuth.Providers.Backchannel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Tests.Providers;

/// <summary>Where code, verifier and secret go, and where they do not.</summary>
public sealed partial class ClientAuthenticationTests
{
    [Fact]
    public async Task TheSecretGoesToTheTokenEndpointAndToTheOneForPushedRequestsAlone()
    {
        var fake = new OpenIdFake();
        fake.Discovery["pushed_authorization_request_endpoint"] = fake.Issuer + "/par";
        fake.Hooks["/par"] = _ => OpenIdFake.Json("""{"request_uri":"urn:ietf:params:oauth:request_uri:1","expires_in":60}""");
        await using var app = await fake.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.StartSignInAsync("work");
        fake.Hooks.TryRemove("/par", out _);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
        var shown = fake.Requests.Where(request => request.Authorization?.StartsWith("Basic", StringComparison.Ordinal) == true || request.Form.ContainsKey("client_secret"));
        Assert.Equal(["/par", "/token"], shown.Select(request => request.Path).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AFormThatTheAppSendsElsewhereShowsNoClient()
    {
        // The app's own code asks another address with the same client: nothing that the client is known by goes along.
        using var key = RSA.Create(2048);
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync(
            setup => (setup.Settings["AUTH_WORK_SECRET"], setup.Settings["AUTH_WORK_PRIVATE_KEY"]) = (null, key.ExportPkcs8PrivateKeyPem()),
            options => options.Events.OnTokenValidated = async context =>
            {
                using var form = new FormUrlEncodedContent([new("client_id", "client"), new("token", "t")]);
                using var answer = await context.Options.Backchannel.PostAsync(new Uri("https://elsewhere.example/token/introspect"), form, context.HttpContext.RequestAborted);
            });
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
        Assert.NotNull(fake.Last("/token").Field("client_assertion"));
        var seen = fake.Last("/token/introspect");
        Assert.Equal((null, null, "t"), (seen.Authorization, seen.Field("client_assertion"), seen.Field("token")));
    }

    [Theory]
    [InlineData("work")]
    [InlineData("acme")]
    public async Task EveryCodeIsRedeemedWithTheVerifierOfItsOwnSignIn(string provider)
    {
        var (fake, plain) = (new OpenIdFake(), new FakeProvider());
        await using var app = await fake.StartAsync(setup =>
        {
            var work = setup.Providers;
            setup.Providers = builder =>
            {
                work(builder);
                builder.AddOAuth("acme", "Acme", plain.UseForPlainOAuth);
            };
        });
        using var browser = app.CreateBrowser();

        // Two tabs; the one that was opened first is answered last.
        Uri[] away = [(await browser.StartSignInAsync(provider)).Location!, (await browser.StartSignInAsync(provider)).Location!];
        Assert.NotEqual(Page.Query(away[0], "code_challenge"), Page.Query(away[1], "code_challenge"));
        foreach (var authorize in away.Reverse())
        {
            Assert.Equal("S256", Page.Query(authorize, "code_challenge_method"));
            await browser.ArriveAsync(provider == "work" ? fake.Answer(authorize) : plain.Answer(authorize));
            var verifier = provider == "work" ? fake.Last("/token").Field("code_verifier") : plain.TokenRequests.Last().GetValueOrDefault("code_verifier");
            Assert.Equal(Page.Query(authorize, "code_challenge"), Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier!))));
        }
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task NoRedirectCarriesCodeOrSecretElsewhere(int status)
    {
        var arrived = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var elsewhere = await ListenAsync(async http => arrived.Enqueue(await new StreamReader(http.Request.Body).ReadToEndAsync(http.RequestAborted)));
        await using var provider = await ListenAsync(http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = elsewhere.Urls.Single() + "/collect";
            return Task.CompletedTask;
        });
        var fake = new FakeProvider();
        await using var app = await fake.StartOAuthAsync(
            options => (options.TokenEndpoint, options.BackchannelHttpHandler) = (provider.Urls.Single() + "/token", null));
        using var browser = app.CreateBrowser();
        var page = await browser.SignInAsync(fake, "acme");
        Assert.Equal("ProviderAnswer", page.Query("reason"));
        Assert.Empty(arrived);

        // Nor anything else that is posted, such as a pushed request.
        using var client = new HttpClient(new ProviderConnection());
        using var form = new FormUrlEncodedContent([new("client_secret", FakeProvider.ClientSecret)]);
        using var answer = await client.PostAsync(new Uri(provider.Urls.Single() + "/par"), form, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Empty(arrived);
    }

    private static async Task<WebApplication> ListenAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(answer);
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }
}
