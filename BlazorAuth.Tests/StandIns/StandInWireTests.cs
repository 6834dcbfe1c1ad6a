using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BlazorAuth.App.StandIns;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace BlazorAuth.Tests.StandIns;

/// <summary>What the stand-ins refuse, asked directly over HTTP.</summary>
public sealed class StandInWireTests
{
    private const string RedirectUri = "http://localhost:1/signin";
    private const string Verifier = "a-verifier-that-is-long-enough-for-the-rules-of-rfc-7636";

    private static readonly Dictionary<string, (string Authorize, string Token)> Endpoints = new()
    {
        ["google"] = ("google/authorize", "google/token"),
        ["github"] = ("github/login/oauth/authorize", "github/login/oauth/access_token"),
        ["oidc"] = ("oidc/authorize", "oidc/token"),
    };

    public static TheoryData<string> Providers => ["google", "github", "oidc"];

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task ACodeIsExchangedOnce(string provider)
    {
        await using var app = await StandInApp.StartProviderAsync();
        using var browser = app.CreateBrowser();
        var code = await GetCodeAsync(app, browser, provider);
        Assert.True((await ExchangeAsync(app, provider, code)).TryGetProperty("access_token", out _));
        AssertBadCode(await ExchangeAsync(app, provider, code));
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
        var code = await GetCodeAsync(app, browser, provider);
        var answer = await ExchangeAsync(app, provider, code, new() { [field] = value });
        Assert.Equal(error, answer.GetProperty("error").GetString());
        Assert.False(answer.TryGetProperty("access_token", out _));
    }

    [Fact]
    public async Task ACodeOfOneStandInIsWorthlessAtTheOther()
    {
        await using var app = await StandInApp.StartProviderAsync();
        using var browser = app.CreateBrowser();
        AssertBadCode(await ExchangeAsync(app, "github", await GetCodeAsync(app, browser, "google")));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task ACodeExpires(string provider)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = await StandInApp.StartProviderAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));
        using var browser = app.CreateBrowser();
        var code = await GetCodeAsync(app, browser, provider);
        clock.Advance(TimeSpan.FromSeconds(61));
        AssertBadCode(await ExchangeAsync(app, provider, code));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task AnUnknownClientGetsAPageAndNoRedirect(string provider)
    {
        await using var app = await StandInApp.StartProviderAsync();
        using var browser = app.CreateBrowser();
        var page = await browser.OpenAsync(AuthorizeAddress(app, provider, new() { ["client_id"] = "other" }).AbsoluteUri);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("client id is not known", page.Document.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example/callback")]
    [InlineData("http://localhost.evil.example/callback")]
    [InlineData("http://localhost@evil.example/callback")]
    [InlineData("http://evil.example\\@localhost/callback")]
    [InlineData("//evil.example/callback")]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://localhost/callback#fragment")]
    [InlineData("http://127.0.0.1.evil.example/")]
    [InlineData("")]
    public async Task ARedirectToAForeignOriginIsRefused(string redirectUri)
    {
        await using var app = await StandInApp.StartProviderAsync();
        using var browser = app.CreateBrowser();
        foreach (var provider in Endpoints.Keys)
        {
            var address = AuthorizeAddress(app, provider, new() { ["redirect_uri"] = redirectUri });
            var page = await browser.OpenAsync(address.AbsoluteUri);
            Assert.Equal(HttpStatusCode.BadRequest, page.Status);
            Assert.Null(page.Document.QuerySelector("form"));

            var fields = QueryHelpers.ParseQuery(address.Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
            fields[PickerChoice.PersonField] = "ada";
            var posted = await browser.PostAsync(address.AbsolutePath, fields);
            Assert.Equal(HttpStatusCode.BadRequest, posted.Status);
            Assert.Null(posted.Location);
        }
    }

    [Theory]
    [InlineData("http://app.example:8080/callback", true)]
    [InlineData("https://public.example/callback", true)]
    [InlineData("http://shop.localhost:3000/callback", true)]
    [InlineData("http://[::1]:3000/callback", true)]
    [InlineData("https://app.example:8080/callback", false)]
    [InlineData("http://app.example/callback", false)]
    [InlineData("http://public.example/callback", false)]
    public void TheAppsOwnOriginsAndThisMachineAreAllowed(string redirectUri, bool isAllowed)
    {
        var request = new DefaultHttpContext().Request;
        (request.Scheme, request.Host) = ("http", new HostString("app.example", 8080));
        var options = new StandInOptions { AppAddress = new Uri("https://public.example/base") };
        Assert.Equal(isAllowed, BlazorAuth.App.StandIns.RedirectUri.IsAllowed(redirectUri, request, options));
    }

    [Theory]
    [InlineData("google", "response_type", "token", "unsupported_response_type")]
    [InlineData("github", "code_challenge_method", "plain", "invalid_request")]
    [InlineData("google", "code_challenge_method", "plain", "invalid_request")]
    [InlineData("google", "prompt", "none", "interaction_required")]
    [InlineData("oidc", "prompt", "none", "login_required")]
    public async Task ARequestThatCannotBeServedGoesBackWithAnError(string provider, string field, string value, string error)
    {
        await using var app = await StandInApp.StartProviderAsync();
        using var browser = app.CreateBrowser();
        var answer = await browser.GetAsync(AuthorizeAddress(app, provider, new() { [field] = value }).AbsoluteUri);
        var query = QueryHelpers.ParseQuery(answer.Location!.Query);
        Assert.Equal(error, query["error"]);
        Assert.Equal("the-state", query["state"]);
        Assert.False(query.ContainsKey("code"));
    }

    [Fact]
    public async Task TheOpenIdProviderTakesNoPlainChallenge()
    {
        await using var app = await StandInApp.StartProviderAsync();
        using var browser = app.CreateBrowser();
        var page = await browser.OpenAsync(AuthorizeAddress(app, "oidc", new() { ["code_challenge_method"] = "plain" }).AbsoluteUri);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal("invalid_request", page.Document.QuerySelector("main .lead code")?.TextContent);
    }

    [Theory]
    [InlineData("google/userinfo")]
    [InlineData("github/user")]
    [InlineData("github/user/emails")]
    [InlineData("oidc/userinfo")]
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
        var code = await GetCodeAsync(app, browser, "github", person: "grace");
        var form = await browser.FetchAsync(HttpMethod.Post, "stand-ins/github/login/oauth/access_token", TokenForm(code, []));
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

    private static Uri AuthorizeAddress(StandInApp app, string provider, Dictionary<string, string> changes)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["client_id"] = "stand-in",
            ["redirect_uri"] = RedirectUri,
            ["response_type"] = "code",
            ["scope"] = provider == "github" ? "read:user" : "openid profile email",
            ["state"] = "the-state",
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes)
        {
            parameters[name] = value;
        }

        return new Uri(QueryHelpers.AddQueryString($"{app.Address}stand-ins/{Endpoints[provider].Authorize}", parameters));
    }

    private static async Task<string> GetCodeAsync(StandInApp app, Browser browser, string provider, string person = "ada")
    {
        var address = AuthorizeAddress(app, provider, []);
        var fields = QueryHelpers.ParseQuery(address.Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        fields[PickerChoice.PersonField] = person;
        var answer = await browser.PostAsync(address.AbsolutePath, fields);
        Assert.StartsWith(RedirectUri, answer.Location!.AbsoluteUri, StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(answer.Location.Query);
        Assert.Equal("the-state", query["state"]);
        return query["code"].ToString();
    }

    private static async Task<JsonElement> ExchangeAsync(
        StandInApp app, string provider, string code, Dictionary<string, string>? changes = null)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        using var answer = await client.PostAsync(
            new Uri(app.Address, "stand-ins/" + Endpoints[provider].Token), TokenForm(code, changes ?? []), TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode < HttpStatusCode.InternalServerError);
        Assert.Contains("no-store", answer.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static FormUrlEncodedContent TokenForm(string code, Dictionary<string, string> changes)
    {
        var fields = new Dictionary<string, string>
        {
            ["client_id"] = "stand-in",
            ["client_secret"] = "stand-in-secret",
            ["grant_type"] = "authorization_code",
            ["redirect_uri"] = RedirectUri,
            ["code"] = code,
            ["code_verifier"] = Verifier,
        };
        foreach (var (name, value) in changes)
        {
            fields[name] = value;
        }

        return new FormUrlEncodedContent(fields);
    }

    private static async Task<JsonElement> GetJsonAsync(HttpClient client, Uri address) =>
        JsonSerializer.Deserialize<JsonElement>(await client.GetStringAsync(address, TestContext.Current.CancellationToken));

    private static void AssertBadCode(JsonElement answer)
    {
        Assert.True(answer.GetProperty("error").GetString() is "invalid_grant" or "bad_verification_code", answer.ToString());
        Assert.False(answer.TryGetProperty("access_token", out _));
    }
}
