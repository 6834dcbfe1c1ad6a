using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Tests.Providers;

/// <summary>Which id tokens are believed: signed ones, by an algorithm that was agreed on, under a key of the provider.</summary>
public sealed class IdTokenTests
{
    public static TheoryData<string> WithoutSignature => ["none", "none-with-key-id", "NONE", "cut-off", "no-algorithm", "two-parts", "zeros", "of-another-token"];

    [Theory]
    [MemberData(nameof(WithoutSignature))]
    public async Task AnUnsignedTokenIsRefusedAlsoFromTheTokenEndpoint(string how)
    {
        var fake = new OpenIdFake();
        fake.Spoil = token =>
        {
            var parts = token.Split('.');
            return how switch
            {
                "none" => $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
                "none-with-key-id" => $"{Encode("""{"alg":"none","kid":"k1"}""")}.{parts[1]}.",
                "NONE" => $"{Encode("""{"alg":"NONE"}""")}.{parts[1]}.{parts[2]}",
                "cut-off" => $"{parts[0]}.{parts[1]}.",
                "no-algorithm" => $"{Encode("""{"typ":"JWT"}""")}.{parts[1]}.",
                "two-parts" => $"{parts[0]}.{parts[1]}",
                "zeros" => $"{parts[0]}.{parts[1]}.{Base64UrlEncoder.Encode(new byte[256])}",
                _ => $"{parts[0]}.{Encode(Base64UrlEncoder.Decode(parts[1]).Replace("Ada", "Eve", StringComparison.Ordinal))}.{parts[2]}",
            };
        };
        var problem = how is "zeros" or "of-another-token" ? "The signature of the id token" : how == "two-parts" ? "contains no id token" : "The id token is not signed";
        await AssertRefusedAsync(fake, problem);
    }

    [Theory]
    [InlineData("PS256")]
    [InlineData("RS512")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    public async Task AsymmetricAlgorithmsAreBelieved(string algorithm)
    {
        var fake = new OpenIdFake();
        fake.Keys[0] = algorithm.StartsWith("ES", StringComparison.Ordinal)
            ? OpenIdFake.Curve("c1", algorithm == "ES256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384, algorithm)
            : OpenIdFake.Rsa("k1", algorithm);
        await using var app = await fake.StartAsync();
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
    }

    [Theory]
    [InlineData("HS256", "HS256", null, true)]
    [InlineData("HS384", "HS384", null, true)]
    [InlineData("HS256", "RS256,HS256", null, false)]
    [InlineData("HS256", "HS256,HS384", null, false)]
    [InlineData("HS256", "", null, false)]
    [InlineData("HS512", "RS256", "HS512", true)]
    [InlineData("HS256", "RS256", "HS512", false)]
    [InlineData("RS256", "RS256", "HS256", false)]
    public async Task ASharedSecretCountsOnlyWhereItWasAgreedOn(string used, string offered, string? named, bool isBelieved)
    {
        var fake = new OpenIdFake();
        fake.Discovery["id_token_signing_alg_values_supported"] = new JsonArray([.. offered.Split(',', StringSplitOptions.RemoveEmptyEntries)]);
        var secret = string.Concat(Enumerable.Repeat(OpenIdFake.Secret, 2));
        if (used.StartsWith("HS", StringComparison.Ordinal))
        {
            fake.Keys[0] = Shared(secret, used);
        }

        await using var app = await fake.StartAsync(setup => (setup.Settings["AUTH_WORK_SECRET"], setup.Settings["AUTH_WORK_ID_TOKEN_ALG"]) = (secret, named));
        Assert.Equal(isBelieved, (await fake.SignInAsync(app)).Text == "Ada Lovelace");
    }

    [Fact]
    public async Task ThePublicKeyIsNoSharedSecret()
    {
        // The provider goes on publishing the key whose text the forger takes for a secret.
        var fake = new OpenIdFake();
        var rsa = ((RsaSecurityKey)fake.Keys[0].Key).Rsa;
        fake.Keys.Insert(0, fake.Keys[0]);
        await using var app = await fake.StartAsync(setup => setup.Settings["AUTH_WORK_ID_TOKEN_ALG"] = "HS256");
        foreach (var secret in (string[])[rsa.ExportSubjectPublicKeyInfoPem(), rsa.ExportRSAPublicKeyPem(), "another-secret-of-at-least-thirty-two-letters"])
        {
            fake.Keys[0] = Shared(secret, "HS256");
            Assert.NotEqual("Ada Lovelace", (await fake.SignInAsync(app)).Text);
        }

        Assert.True(fake.Count("/keys") > 0);
        fake.Keys[0] = Shared(OpenIdFake.Secret, "HS256");
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
    }

    [Theory]
    [InlineData("jwk")]
    [InlineData("jku")]
    [InlineData("x5u")]
    [InlineData("x5c")]
    public async Task ATokenBringsNoKeyOfItsOwn(string header)
    {
        var fake = new OpenIdFake();
        using var client = new HttpClient(fake, disposeHandler: false);
        var published = await client.GetStringAsync(new Uri("https://id.example/keys"), TestContext.Current.CancellationToken);
        using var rsa = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=id.example", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var forgers = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.ExportParameters(false)));
        fake.Header[header] = header switch
        {
            "jwk" => new Dictionary<string, object> { ["kty"] = forgers.Kty, ["n"] = forgers.N, ["e"] = forgers.E },
            "x5c" => new[] { Convert.ToBase64String(certificate.RawData) },
            _ => "https://id.example/forgers-keys",
        };
        fake.Hooks["/keys"] = _ => new HttpResponseMessage { Content = new StringContent(published, Encoding.UTF8, "application/json") };
        await using var app = await fake.StartAsync();
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);

        fake.Keys[0] = new SigningCredentials(new RsaSecurityKey(rsa) { KeyId = fake.Keys[0].Key.KeyId }, "RS256");

        Assert.NotEqual("Ada Lovelace", (await fake.SignInAsync(app)).Text);
        Assert.Equal(0, fake.Count("/forgers-keys"));
    }

    [Theory]
    [InlineData("RS256", true)]
    [InlineData("HS256", false)]
    public async Task ASharedSecretIsForTheTokenEndpointAlone(string algorithm, bool isBelieved)
    {
        // A token beside the code, in a form that the browser posts: whoever has seen the client's secret could have written it.
        var fake = new OpenIdFake();
        fake.Keys[0] = algorithm == "HS256" ? Shared(OpenIdFake.Secret, algorithm) : fake.Keys[0];
        fake.ChangeToken = claims => claims["c_hash"] = Base64UrlEncoder.Encode(SHA256.HashData("the-code-of-the-open-id-fake"u8)[..16]);
        await using var app = await fake.StartAsync(
            setup => (setup.Address, setup.Settings["AUTH_WORK_ID_TOKEN_ALG"]) = (new Uri("https://localhost"), algorithm),
            options => (options.ResponseType, options.ResponseMode) = ("code id_token", "form_post"));
        using var browser = app.CreateBrowser();
        var back = fake.Answer((await browser.StartSignInAsync("work")).Location!);
        await browser.PostAnswerAsync(back, new KeyValuePair<string, string>("id_token", fake.IdToken()));
        Assert.Equal(isBelieved, (await browser.SessionAsync()).Contains("Ada Lovelace", StringComparison.Ordinal));
        Assert.Equal(!isBelieved, app.Logs.Own.Any(line => line.Text.Contains("came through the browser", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AnAlgorithmThatCannotBeCheckedIsNamed()
    {
        var fake = new OpenIdFake();
        fake.Spoil = token => $"{Encode("""{"alg":"EdDSA","kid":"ed"}""")}.{token.Split('.')[1]}.{Base64UrlEncoder.Encode(new byte[64])}";
        await using var app = await fake.StartAsync();
        var page = await fake.SignInAsync(app);
        Assert.Equal("ProviderAnswer", page.Query("reason"));
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 302 && line.Text.Contains("EdDSA", StringComparison.Ordinal) && line.Text.Contains("id_token_signed_response_alg", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nonce", "another")]
    [InlineData("nonce", null)]
    [InlineData("aud", "another")]
    [InlineData("iss", "https://elsewhere.example")]
    public async Task ATokenForSomebodyElseIsRefused(string claim, string? value)
    {
        var fake = new OpenIdFake();
        fake.ChangeToken = claims =>
        {
            claims[claim] = value;
            if (value is null)
            {
                claims.Remove(claim);
            }
        };
        await AssertRefusedAsync(fake);
    }

    // The token of another client that is meant for this one too was made for that client's sign-in (OpenID Connect Core §3.1.3.7).
    [Theory]
    [InlineData(true, "client", true)]
    [InlineData(true, null, true)]
    [InlineData(true, "another", false)]
    [InlineData(false, "another", false)]
    [InlineData(false, "client", true)]
    public async Task ATokenOfAnotherClientIsRefusedThoughItIsMeantForThisOneToo(bool severalAudiences, string? client, bool isBelieved)
    {
        var fake = new OpenIdFake
        {
            ChangeToken = claims =>
            {
                claims["aud"] = severalAudiences ? new JsonArray("another", "client") : "client";
                claims["azp"] = client;
                if (client is null)
                {
                    claims.Remove("azp");
                }
            },
        };
        if (!isBelieved)
        {
            await AssertRefusedAsync(fake);
            return;
        }

        await using var app = await fake.StartAsync();
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
    }

    [Theory]
    [InlineData("""{"sub":"42","name":"Ada \ud83d","bio":"x"}""", "Ada \uFFFD")]
    [InlineData("""{"sub":"42","name":"Ada","groups":["a","\ude00 b"]}""", "Ada")]
    [InlineData("""{"sub":"42","name":"Ada","unused":{"deep":"\uD83D"}}""", "Ada")]
    [InlineData("""{"sub":"42","name":"Ada","\ud83d":1}""", "Ada")]
    public async Task HalfACharacterInATokenIsMadeWholeAndItsSignatureStillChecked(string claims, string name)
    {
        var fake = new OpenIdFake();
        var key = fake.Keys[0];

        // The library that makes tokens writes no half characters, so the payload is put together by hand.
        fake.Spoil = token => Signed(token, claims, key);
        await using var app = await fake.StartAsync();
        Assert.Equal(name, (await fake.SignInAsync(app)).Text);
        fake.Spoil = token => Signed(token, claims, OpenIdFake.Rsa("k1"));
        Assert.Equal("ProviderAnswer", (await fake.SignInAsync(app)).Query("reason"));
        fake.Spoil = token => $"{Signed(token, claims, key).Split('.')[0]}.{Signed(token, claims, key).Split('.')[1]}.";
        Assert.Equal("ProviderAnswer", (await fake.SignInAsync(app)).Query("reason"));
    }

    private static string Signed(string token, string claims, SigningCredentials key)
    {
        var parts = token.Split('.');
        var payload = JsonNode.Parse(Base64UrlEncoder.Decode(parts[1]))!.AsObject();
        payload.Remove("name");
        payload.Remove("sub");
        var text = payload.ToJsonString()[..^1] + "," + claims[1..];
        var signed = $"{parts[0]}.{Encode(text)}";
        var signature = ((RsaSecurityKey)key.Key).Rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64UrlEncoder.Encode(signature)}";
    }

    private static SigningCredentials Shared(string secret, string algorithm) => new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret)), algorithm);

    private static string Encode(string text) => Base64UrlEncoder.Encode(text);

    private static async Task AssertRefusedAsync(OpenIdFake fake, string problem = "")
    {
        await using var app = await fake.StartAsync();
        using var browser = app.CreateBrowser();
        var page = await browser.SignInAsync(fake, "work");
        Assert.Equal(("/api/auth/error", "ProviderAnswer"), (page.Address.AbsolutePath, page.Query("reason")));
        Assert.Equal("null", await browser.SessionAsync());
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 302 && line.Text.Contains(problem, StringComparison.Ordinal));
    }
}
