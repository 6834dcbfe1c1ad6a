using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Tests.Providers;

/// <summary>How the app shows a provider who it is: as discovery says, as the set-up says, and the other way after a refusal.</summary>
public sealed class ClientAuthenticationTests
{
    private static readonly string Basic = "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"client:{OpenIdFake.Secret}"));

    [Theory]
    [InlineData(null)]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_jwt,client_secret_basic,client_secret_post")]
    [InlineData("")]
    public async Task BasicIsTheDefaultAndGoesBeforeTheForm(string? offered)
    {
        var fake = Offering(offered);
        await using var app = await fake.StartAsync();
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
        var seen = fake.Last("/token");
        Assert.Equal(Basic, seen.Authorization);
        Assert.Null(seen.Field("client_secret"));
        Assert.Null(seen.Field("client_id"));
    }

    [Fact]
    public async Task TheFormIsUsedWhereBasicIsNotOffered()
    {
        var fake = Offering("client_secret_post,private_key_jwt");
        await using var app = await fake.StartAsync();
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
        Assert.Equal((null, OpenIdFake.Secret), (fake.Last("/token").Authorization, fake.Last("/token").Field("client_secret")));
    }

    [Theory]
    [InlineData("none", OpenIdFake.Secret)]
    [InlineData(null, null)]
    public async Task APublicClientShowsItsVerifierAlone(string? setting, string? secret)
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync(setup => (setup.Settings["AUTH_WORK_CLIENT_AUTH"], setup.Settings["AUTH_WORK_SECRET"]) = (setting, secret));
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
        var seen = fake.Last("/token");
        Assert.Equal(("client", null, null), (seen.Field("client_id"), seen.Field("client_secret"), seen.Authorization));
        Assert.NotNull(seen.Field("code_verifier"));
    }

    [Theory]
    [InlineData("client_secret_basic", "post")]
    [InlineData("client_secret_post", "basic")]
    public async Task ARefusedClientTriesTheOtherWayOnceAndRemembersIt(string offered, string right)
    {
        var fake = Offering(offered);
        fake.Hooks["/token"] = seen => (seen.Authorization is null) == (right == "post") ? null : OpenIdFake.Error("invalid_client", HttpStatusCode.Unauthorized);
        await using var app = await fake.StartAsync();
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
        Assert.Equal(2, fake.Count("/token"));
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
        Assert.Equal(3, fake.Count("/token"));
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 313 && line.Text.Contains($"AUTH_WORK_CLIENT_AUTH={right}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(200, """{"error":"invalid_client"}""")]
    [InlineData(400, """{"error":"invalid_request","error_description":"A required parameter \"client_id\" is missing"}""")]
    [InlineData(400, """{"error":"unauthorized_client"}""")]
    [InlineData(401, "")]
    [InlineData(401, """{"message":"Unauthorized"}""")]
    [InlineData(401, "<h1>Unauthorized</h1>")]
    public async Task ARefusalInOtherWordsIsOneToo(int status, string answer)
    {
        var fake = new OpenIdFake();
        fake.Hooks["/token"] = seen => seen.Authorization is null ? null : OpenIdFake.Json(answer, (HttpStatusCode)status);
        await using var app = await fake.StartAsync();
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
        Assert.Equal(2, fake.Count("/token"));
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_grant"}""")]
    [InlineData(403, """{"message":"Forbidden"}""")]
    [InlineData(503, """{"error":"invalid_client"}""")]
    public async Task WhatIsNoRefusalOfTheClientIsNotTriedAgain(int status, string answer)
    {
        var fake = new OpenIdFake();
        fake.Hooks["/token"] = _ => OpenIdFake.Json(answer, (HttpStatusCode)status);
        await using var app = await fake.StartAsync();
        await fake.SignInAsync(app);
        Assert.Equal(1, fake.Count("/token"));
    }

    [Theory]
    [InlineData("basic")]
    [InlineData("post")]
    public async Task AChosenWayIsNotLeft(string chosen)
    {
        var fake = new OpenIdFake();
        fake.Hooks["/token"] = _ => OpenIdFake.Error("invalid_client", HttpStatusCode.Unauthorized);
        await using var app = await fake.StartAsync(setup => setup.Settings["AUTH_WORK_CLIENT_AUTH"] = chosen);
        Assert.Equal("ProviderAnswer", (await fake.SignInAsync(app)).Query("reason"));
        Assert.Equal(chosen == "basic", Assert.Single(fake.Requests, request => request.Path == "/token").Authorization is not null);
    }

    [Fact]
    public async Task TwoRefusalsAreTheEnd()
    {
        var fake = new OpenIdFake();
        fake.Hooks["/token"] = _ => OpenIdFake.Error("invalid_client");
        await using var app = await fake.StartAsync();
        await fake.SignInAsync(app);
        Assert.Equal(2, fake.Count("/token"));
    }

    [Fact]
    public async Task IdAndSecretAreFormEncodedBeforeTheyAreJoined()
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync(setup => (setup.Settings["AUTH_WORK_ID"], setup.Settings["AUTH_WORK_SECRET"]) = ("a b:c", "p%q+r/é=&"));
        await fake.SignInAsync(app);
        var first = fake.Requests.First(request => request.Path == "/token");
        Assert.Equal("a+b%3Ac:p%25q%2Br%2F%C3%A9%3D%26", Encoding.ASCII.GetString(Convert.FromBase64String(first.Authorization!["Basic ".Length..])));
    }

    [Theory]
    [InlineData("RS256", false)]
    [InlineData("ES256", true)]
    [InlineData("ES384", false)]
    public async Task APrivateKeySignsAnAssertionForTheIssuerAlone(string algorithm, bool isFile)
    {
        using var folder = new TempFolder();
        using var rsa = RSA.Create(2048);
        using var curve = ECDsa.Create(algorithm == "ES384" ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256);
        var pem = algorithm == "RS256" ? rsa.ExportRSAPrivateKeyPem() : curve.ExportPkcs8PrivateKeyPem();
        SecurityKey key = algorithm == "RS256" ? new RsaSecurityKey(rsa) : new ECDsaSecurityKey(curve);
        var path = Path.Combine(folder.Path, "client.pem");
        await File.WriteAllTextAsync(path, pem, TestContext.Current.CancellationToken);
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync(setup =>
        {
            setup.Settings["AUTH_WORK_SECRET"] = null;
            setup.Settings["AUTH_WORK_PRIVATE_KEY"] = isFile ? path : pem.Replace("\n", "\\n", StringComparison.Ordinal);
            setup.Settings["AUTH_WORK_PRIVATE_KEY_ID"] = "client-key";
        });
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
        var assertion = fake.Last("/token").Field("client_assertion")!;
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(assertion, new TokenValidationParameters
        {
            ValidIssuer = "client", ValidAudience = fake.Issuer, IssuerSigningKey = key, ValidAlgorithms = [algorithm],
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        var token = new JsonWebToken(assertion);
        Assert.Equal("client-key", token.Kid);

        // A list, or the token endpoint, could be collected by another provider (CVE-2025-27370).
        Assert.Equal(fake.Issuer, JsonNode.Parse(Base64UrlEncoder.Decode(token.EncodedPayload))!["aud"]!.GetValue<string>());
        await fake.SignInAsync(app);
        Assert.NotEqual(token.Id, new JsonWebToken(fake.Last("/token").Field("client_assertion")!).Id);
    }

    [Theory]
    [InlineData("AUTH_WORK_CLIENT_AUTH", "bearer")]
    [InlineData("AUTH_WORK_CLIENT_AUTH", "private_key_jwt")]
    [InlineData("AUTH_WORK_PRIVATE_KEY", "/nowhere/client.pem")]
    [InlineData("AUTH_WORK_PRIVATE_KEY", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    [InlineData("AUTH_WORK_ID_TOKEN_ALG", "none")]
    [InlineData("AUTH_WORK_ID_TOKEN_ALG", "EdDSA")]
    public async Task ASettingThatCannotBeReadStopsTheStart(string name, string value)
    {
        var error = await Assert.ThrowsAsync<AuthSetupException>(() => new OpenIdFake().StartAsync(setup => setup.Settings[name] = value));
        Assert.Contains(name.Replace("CLIENT_AUTH", "", StringComparison.Ordinal), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSecretGoesToTheTokenEndpointAlone()
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync();
        await fake.SignInAsync(app);
        Assert.All(fake.Requests.Where(request => request.Path != "/token"), request =>
            Assert.False(request.Authorization?.StartsWith("Basic", StringComparison.Ordinal) == true || request.Form.ContainsKey("client_secret"), request.Path));
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
        var authorize = (await browser.StartSignInAsync(provider)).Location!;
        var asked = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(authorize.Query);
        Assert.Equal("S256", asked["code_challenge_method"].ToString());
        await browser.ArriveAsync(provider == "work" ? fake.Answer(authorize) : plain.Answer(authorize));
        var verifier = provider == "work" ? fake.Last("/token").Field("code_verifier") : plain.TokenRequests.Single().GetValueOrDefault("code_verifier");
        Assert.Equal(asked["code_challenge"].ToString(), Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier!))));
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
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.StandIns = false;
            setup.Providers = builder => builder.AddOAuth("acme", "Acme", options =>
            {
                fake.UseForPlainOAuth(options);
                (options.TokenEndpoint, options.BackchannelHttpHandler) = (provider.Urls.Single() + "/token", null);
            });
        });
        using var browser = app.CreateBrowser();
        var page = await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync("acme")).Location!));
        Assert.Equal("ProviderAnswer", page.Query("reason"));
        Assert.Empty(arrived);
    }

    [Fact]
    public async Task PlainOAuthCanUseBasicToo()
    {
        var fake = new FakeProvider();
        string? authorization = null;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.StandIns = false;
            setup.Settings["AUTH_ACME_CLIENT_AUTH"] = "basic";
            setup.Providers = builder => builder.AddOAuth("acme", "Acme", options =>
            {
                fake.UseForPlainOAuth(options);
                options.BackchannelHttpHandler = new Watch(fake, request => authorization = request.RequestUri!.AbsolutePath == "/token" ? request.Headers.Authorization?.Scheme : authorization);
            });
        });
        using var browser = app.CreateBrowser();
        Assert.Equal("Ada Lovelace", (await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync("acme")).Location!))).Text);
        Assert.Equal("Basic", authorization);
        Assert.False(fake.TokenRequests.Single().ContainsKey("client_secret"));
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

    private static OpenIdFake Offering(string? methods)
    {
        var fake = new OpenIdFake();
        if (methods is not null)
        {
            fake.Discovery["token_endpoint_auth_methods_supported"] = new JsonArray([.. methods.Split(',', StringSplitOptions.RemoveEmptyEntries)]);
        }

        return fake;
    }

    private sealed class Watch(HttpMessageHandler inner, Action<HttpRequestMessage> see) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            see(request);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
