using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.Providers;

/// <summary>How the app shows a provider who it is: as discovery says, as the set-up says, and the other way after a refusal.</summary>
public sealed partial class ClientAuthenticationTests
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

    [Fact]
    public async Task PlainOAuthCanUseBasicToo()
    {
        var fake = new FakeProvider();
        string? authorization = null;
        await using var app = await fake.StartOAuthAsync(
            options => options.BackchannelHttpHandler = new Watch(fake, request => authorization = request.RequestUri!.AbsolutePath == "/token" ? request.Headers.Authorization?.Scheme : authorization),
            setup => setup.Settings["AUTH_ACME_CLIENT_AUTH"] = "basic");
        using var browser = app.CreateBrowser();
        Assert.Equal("Ada Lovelace", (await browser.SignInAsync(fake, "acme")).Text);
        Assert.Equal("Basic", authorization);
        Assert.False(fake.TokenRequests.Single().ContainsKey("client_secret"));
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
