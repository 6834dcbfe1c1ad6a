using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Time.Testing;

namespace BlazorAuth.Tests.StandIns;

/// <summary>Codes, tokens and profiles of the stand-ins, asked for directly over HTTP.</summary>
public sealed class StandInTokenTests
{
    public static TheoryData<string> Providers => ["google", "github", "oidc", "oauth"];

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task ACodeIsExchangedOnce(string provider)
    {
        await using var app = await StandInApp.StartProviderAsync();
        using var browser = app.CreateBrowser();
        var code = await StandInWire.GetCodeAsync(app, browser, provider);
        Assert.True((await StandInWire.ExchangeAsync(app, provider, code)).TryGetProperty("access_token", out _));
        AssertBadCode(await StandInWire.ExchangeAsync(app, provider, code));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task OfManyExchangesOfACodeAtOnceOneSucceeds(string provider)
    {
        await using var app = await StandInApp.StartProviderAsync();
        using var browser = app.CreateBrowser();
        var code = await StandInWire.GetCodeAsync(app, browser, provider);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => StandInWire.ExchangeAsync(app, provider, code))));
        Assert.Single(answers, answer => answer.TryGetProperty("access_token", out _));
    }

    [Theory]
    [InlineData("google", "code_verifier", "another-verifier-that-is-long-enough-for-the-rules-of-7636", "invalid_grant")]
    [InlineData("github", "code_verifier", "another-verifier-that-is-long-enough-for-the-rules-of-7636", "bad_verification_code")]
    [InlineData("oidc", "code_verifier", "another-verifier-that-is-long-enough-for-the-rules-of-7636", "invalid_grant")]
    [InlineData("google", "code_verifier", "", "invalid_grant")]
    [InlineData("github", "code_verifier", "", "bad_verification_code")]
    [InlineData("oidc", "code_verifier", "", "invalid_request")]
    [InlineData("google", "redirect_uri", "http://localhost:1/other", "redirect_uri_mismatch")]
    [InlineData("github", "redirect_uri", "http://localhost:1/other", "redirect_uri_mismatch")]
    [InlineData("oidc", "redirect_uri", "http://localhost:1/other", "invalid_grant")]
    [InlineData("oauth", "code_verifier", "", "invalid_grant")]
    [InlineData("oauth", "redirect_uri", "http://localhost:1/other", "invalid_grant")]
    [InlineData("oauth", "client_secret", "wrong", "invalid_client")]
    [InlineData("oauth", "grant_type", "password", "unsupported_grant_type")]
    [InlineData("google", "client_secret", "wrong", "invalid_client")]
    [InlineData("github", "client_secret", "wrong", "incorrect_client_credentials")]
    [InlineData("oidc", "client_secret", "wrong", "invalid_client")]
    [InlineData("google", "client_id", "other", "invalid_client")]
    [InlineData("github", "client_id", "other", "incorrect_client_credentials")]
    [InlineData("oidc", "client_id", "other", "invalid_grant")]
    [InlineData("google", "grant_type", "password", "unsupported_grant_type")]
    [InlineData("oidc", "grant_type", "password", "unsupported_grant_type")]
    public async Task ATokenRequestThatDoesNotFitIsRefused(string provider, string field, string value, string error)
    {
        await using var app = await StandInApp.StartProviderAsync();
        using var browser = app.CreateBrowser();
        var code = await StandInWire.GetCodeAsync(app, browser, provider);
        var answer = await StandInWire.ExchangeAsync(app, provider, code, new() { [field] = value });
        Assert.Equal(error, answer.GetProperty("error").GetString());
        Assert.False(answer.TryGetProperty("access_token", out _));
    }

    [Fact]
    public async Task ACodeOfOneStandInIsWorthlessAtTheOther()
    {
        await using var app = await StandInApp.StartProviderAsync();
        using var browser = app.CreateBrowser();
        AssertBadCode(await StandInWire.ExchangeAsync(app, "github", await StandInWire.GetCodeAsync(app, browser, "google")));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task ACodeExpires(string provider)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await StandInApp.StartProviderAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));
        using var browser = app.CreateBrowser();
        var code = await StandInWire.GetCodeAsync(app, browser, provider);
        clock.Advance(TimeSpan.FromSeconds(61));
        AssertBadCode(await StandInWire.ExchangeAsync(app, provider, code));
    }

    [Theory]
    [InlineData("google/userinfo")]
    [InlineData("github/user")]
    [InlineData("github/user/emails")]
    [InlineData("oidc/userinfo")]
    [InlineData("oauth/userinfo")]
    public async Task AProfileNeedsAToken(string path)
    {
        await using var app = await StandInApp.StartProviderAsync();
        using var client = new HttpClient();
        client.DefaultRequestHeaders.UserAgent.ParseAdd("tests/1.0");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "made-up");
        using var answer = await client.GetAsync(new Uri(app.Address, "stand-ins/" + path), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task GitHubAnswersLikeGitHub()
    {
        await using var app = await StandInApp.StartProviderAsync();
        using var browser = app.CreateBrowser();
        var code = await StandInWire.GetCodeAsync(app, browser, "github", person: "grace");
        var form = await browser.FetchAsync(HttpMethod.Post, "stand-ins/github/login/oauth/access_token", StandInWire.TokenForm(code, []));
        Assert.Equal("application/x-www-form-urlencoded", form.Response.Content.Headers.ContentType?.MediaType);
        var token = QueryHelpers.ParseQuery(form.Text)["access_token"].ToString();

        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var nameless = await client.GetAsync(new Uri(app.Address, "stand-ins/github/user"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, nameless.StatusCode);

        client.DefaultRequestHeaders.UserAgent.ParseAdd("tests/1.0");
        var user = await GetJsonAsync(client, new Uri(app.Address, "stand-ins/github/user"));
        Assert.Equal(JsonValueKind.Number, user.GetProperty("id").ValueKind);
        Assert.Equal(JsonValueKind.Null, user.GetProperty("email").ValueKind);
        Assert.Equal("grace", user.GetProperty("login").GetString());
        using var emails = await client.GetAsync(new Uri(app.Address, "stand-ins/github/user/emails"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, emails.StatusCode);
    }

    [Fact]
    public async Task DiscoveryOfAProviderOfItsOwnFitsItsAddress()
    {
        await using var app = await StandInApp.StartProviderAsync();
        using var client = new HttpClient();
        var discovery = await GetJsonAsync(client, new Uri(app.Address, "stand-ins/oidc/.well-known/openid-configuration"));
        var root = new Uri(app.Address, "stand-ins/oidc").AbsoluteUri;
        Assert.Equal(root, discovery.GetProperty("issuer").GetString());
        Assert.Equal(root + "/token", discovery.GetProperty("token_endpoint").GetString());
        Assert.Equal(root + "/par", discovery.GetProperty("pushed_authorization_request_endpoint").GetString());
        Assert.True(discovery.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());
        var keys = await GetJsonAsync(client, new Uri(discovery.GetProperty("jwks_uri").GetString()!));
        Assert.NotEmpty(keys.GetProperty("keys").EnumerateArray());
    }

    private static async Task<JsonElement> GetJsonAsync(HttpClient client, Uri address) =>
        JsonSerializer.Deserialize<JsonElement>(await client.GetStringAsync(address, TestContext.Current.CancellationToken));

    private static void AssertBadCode(JsonElement answer)
    {
        Assert.True(answer.GetProperty("error").GetString() is "invalid_grant" or "bad_verification_code", answer.ToString());
        Assert.False(answer.TryGetProperty("access_token", out _));
    }
}
