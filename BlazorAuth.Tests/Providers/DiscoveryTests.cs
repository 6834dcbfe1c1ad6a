using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.Providers;

/// <summary>Documents that were made by hand, by a template, or by an editor that adds what nobody sees.</summary>
public sealed partial class DiscoveryTests
{
    private const string Document = "/.well-known/openid-configuration";

    [Theory]
    [InlineData("request_parameter_supported", "\"false\"")]
    [InlineData("require_request_uri_registration", "\"False\"")]
    [InlineData("backchannel_logout_supported", "1")]
    [InlineData("require_pushed_authorization_requests", "null")]
    [InlineData("response_types_supported", "\"code\"")]
    [InlineData("grant_types_supported", "[1,true,\"authorization_code\"]")]
    [InlineData("claims_supported", "{\"a\":1}")]
    [InlineData("userinfo_endpoint", "5")]
    [InlineData("end_session_endpoint", "[\"https://id.example/end\"]")]
    [InlineData("mtls_endpoint_aliases", "{\"token_endpoint\":\"https://mtls.id.example/token\"}")]
    [InlineData("service_documentation", "null")]
    [InlineData("acr_values_supported", "[[\"a\"]]")]
    [InlineData("ui_locales_supported", "\"de en\"")]
    public async Task AnOddTypeIsReadAsItIsMeantOrPassedOver(string name, string value)
    {
        var fake = new OpenIdFake();
        fake.Discovery[name] = JsonNode.Parse(value);
        await using var app = await fake.StartAsync();
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
    }

    [Theory]
    [InlineData("{", "// by hand\n{/* two lines\n */")]
    [InlineData("{", "{\"issuer\":\"https://old.example\",\"scopes_supported\":[],\"scopes_supported\":[],")]
    [InlineData("}", ",\n}")]
    public async Task ADocumentIsReadAsEditorsLeaveIt(string at, string written)
    {
        var fake = new OpenIdFake();
        fake.Hooks["/.well-known/openid-configuration"] = _ => OpenIdFake.Json(fake.Discovery.ToJsonString().Replace(at, written, StringComparison.Ordinal));
        await using var app = await fake.StartAsync();
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
    }

    [Theory]
    [InlineData("userinfo_endpoint", "/userinfo")]
    [InlineData("end_session_endpoint", "javascript:alert(1)")]
    [InlineData("pushed_authorization_request_endpoint", "par")]
    public async Task AnAddressThatIsNoneIsPassedOverWhereTheSignInCanDoWithoutIt(string name, string value)
    {
        var fake = new OpenIdFake();
        fake.Discovery[name] = value;
        await using var app = await fake.StartAsync();
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
    }

    [Theory]
    [InlineData("token_endpoint", "http://id.example/token", false)]
    [InlineData("token_endpoint", "http://localhost/token", false)]
    [InlineData("token_endpoint", "http://127.0.0.1:5432/token", false)]
    [InlineData("jwks_uri", "http://localhost/keys", false)]
    [InlineData("authorization_endpoint", "HTTP://id.example/authorize", false)]
    [InlineData("userinfo_endpoint", "http://id.example/userinfo", true)]
    [InlineData("userinfo_endpoint", "http://localhost:6379/userinfo", true)]
    public async Task OutsideDevelopmentNoCodeAndNoSecretGoesOverPlainHttp(string name, string value, bool signsIn)
    {
        var fake = new OpenIdFake();
        fake.Discovery[name] = value;
        await using var app = await fake.StartAsync(setup =>
        {
            (setup.Environment, setup.Settings["AUTH_URL"], setup.Address) = ("Production", "https://localhost", new Uri("https://localhost"));
        });
        Assert.Equal(signsIn, (await fake.SignInAsync(app)).Text == "Ada Lovelace");
        Assert.Equal(0, fake.Requests.Count(request => value.EndsWith(request.Path, StringComparison.Ordinal)));
        Assert.Equal(name is "token_endpoint" or "authorization_endpoint", app.Logs.Own.Any(line => line.Text.Contains($"has no {name} that is a web address over https", StringComparison.Ordinal)));
    }

    // Who runs the provider on the same machine says so by its address; a document does not lead anywhere else from there.
    [Theory]
    [InlineData("http://127.0.0.1:8080/token", true)]
    [InlineData("http://id.example/token", false)]
    public async Task AProviderOnThisMachineHasPlainAddressesOnThisMachineOnly(string token, bool signsIn)
    {
        var fake = new OpenIdFake { Issuer = "http://127.0.0.1:8080" };
        foreach (var (name, path) in new[] { ("issuer", ""), ("authorization_endpoint", "/authorize"), ("userinfo_endpoint", "/userinfo"), ("jwks_uri", "/keys") })
        {
            fake.Discovery[name] = fake.Issuer + path;
        }

        fake.Discovery["token_endpoint"] = token;
        await using var app = await fake.StartAsync(setup =>
        {
            (setup.Environment, setup.Settings["AUTH_URL"], setup.Address) = ("Production", "https://localhost", new Uri("https://localhost"));
        });
        Assert.Equal(signsIn, (await fake.SignInAsync(app)).Text == "Ada Lovelace");
    }

    [Theory]
    [InlineData("application/json; charset=utf8")]
    [InlineData("application/json; charset=\"UTF-8\"")]
    [InlineData("application/json; charset=x-nothing")]
    [InlineData("application/json; charset=utf-7")]
    [InlineData("text/plain")]
    [InlineData("application/octet-stream")]
    [InlineData(null)]
    public async Task TypeAndCharacterSetAreNoMatter(string? type)
    {
        var fake = new OpenIdFake();
        foreach (var path in (string[])["/.well-known/openid-configuration", "/token", "/userinfo"])
        {
            fake.Hooks[path] = seen => Retyped(path switch
            {
                "/token" => $$"""{"access_token":"a","token_type":"Bearer","id_token":"{{fake.IdToken()}}"}""",
                "/userinfo" => """{"sub":"42"}""",
                _ => fake.Discovery.ToJsonString(),
            }, type);
        }

        await using var app = await fake.StartAsync();
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
    }

    [Fact]
    public async Task AByteOrderMarkIsPassedOver()
    {
        var fake = new OpenIdFake();
        fake.Hooks["/.well-known/openid-configuration"] = _ => OpenIdFake.Json("\uFEFF" + fake.Discovery.ToJsonString());
        fake.Hooks["/userinfo"] = _ => OpenIdFake.Json("\uFEFF{\"sub\":\"42\"}");
        await using var app = await fake.StartAsync();
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
    }

    [Theory]
    [InlineData("issuer", null, "has no issuer")]
    [InlineData("issuer", "5", "has no issuer")]
    [InlineData("authorization_endpoint", null, "has no authorization_endpoint")]
    [InlineData("token_endpoint", "[]", "has no token_endpoint")]
    [InlineData("token_endpoint", "\"/token\"", "has no token_endpoint that is a web address")]
    [InlineData("issuer", "\"acme\"", "has no issuer that is a web address")]
    [InlineData("issuer", "\"https://{tenantid}/v2.0\"", "has no issuer that is a web address")]
    public async Task WhatCannotBeDoneWithoutIsNamed(string name, string? value, string words)
    {
        var fake = new OpenIdFake();
        fake.Discovery.Remove(name);
        if (value is not null)
        {
            fake.Discovery[name] = JsonNode.Parse(value);
        }

        await AssertNamedAsync(fake, words);
    }

    [Theory]
    [InlineData("[]", "is not a JSON object")]
    [InlineData("null", "is not a JSON object")]
    [InlineData("<html></html>", "is not JSON")]
    [InlineData("", "is not JSON")]
    public async Task ADocumentOfAnotherKindIsNamed(string text, string words)
    {
        var fake = new OpenIdFake();
        fake.Hooks["/.well-known/openid-configuration"] = _ => OpenIdFake.Json(text);
        await AssertNamedAsync(fake, words);
    }

    [Theory]
    [InlineData("""{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"},5,{"kty":7},null]}""")]
    [InlineData("""{"keys":[{"kty":"RSA","kty":"EC"}],"keys":[{"kid":"a","kid":"b"}]}""")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{}""")]
    [InlineData("[]")]
    public async Task AKeySetWithoutAKeyThatFitsIsTheProvidersFault(string keys)
    {
        var fake = new OpenIdFake();
        fake.Hooks["/keys"] = _ => OpenIdFake.Json(keys);
        await using var app = await fake.StartAsync();
        var page = await fake.SignInAsync(app);
        Assert.Equal((HttpStatusCode.BadRequest, "ProviderAnswer"), (page.Status, page.Query("reason")));
    }

    [Fact]
    public async Task AnAnswerWithoutEndIsCutOff()
    {
        var fake = new OpenIdFake();
        fake.Hooks["/.well-known/openid-configuration"] = _ => OpenIdFake.Json("{\"a\":\"" + new string('x', 2_000_000) + "\"}");
        await AssertNamedAsync(fake, "longer than");
    }

    [Theory]
    [InlineData("https://id.example/.well-known/openid-configuration")]
    [InlineData(" https://id.example/.well-known/openid-configuration/\n")]
    [InlineData("\"https://id.example\"\r\n")]
    [InlineData("'https://id.example/'")]
    public async Task TheAddressOfTheDocumentIsUnderstoodAsTheIssuer(string issuer)
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync(setup => setup.Settings["AUTH_WORK_ISSUER"] = issuer);
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
    }

    [Theory]
    [InlineData("id.example")]
    [InlineData("localhost:6001/realm")]
    [InlineData("ldap://id.example")]
    public async Task AnIssuerThatIsNoAddressStopsTheStart(string issuer)
    {
        var error = await Assert.ThrowsAsync<AuthSetupException>(() => new OpenIdFake().StartAsync(setup => setup.Settings["AUTH_WORK_ISSUER"] = issuer));
        Assert.Contains("AUTH_WORK_ISSUER", error.Message, StringComparison.Ordinal);
    }

    private static HttpResponseMessage Retyped(string text, string? type)
    {
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text)) };
        if (type is not null)
        {
            answer.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return answer;
    }

    private static async Task AssertNamedAsync(OpenIdFake fake, string words)
    {
        await using var app = await fake.StartAsync();
        var page = await fake.SignInAsync(app);
        Assert.Equal((HttpStatusCode.BadRequest, "ProviderAnswer"), (page.Status, page.Query("reason")));
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 302 && line.Text.Contains(words, StringComparison.Ordinal));
        Assert.DoesNotContain(app.Logs.All, line => line.Text.Contains("NullReferenceException", StringComparison.Ordinal));
        Assert.Contains(words, page.Text, StringComparison.Ordinal);
    }
}
