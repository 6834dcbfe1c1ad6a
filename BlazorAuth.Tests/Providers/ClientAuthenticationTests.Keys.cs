using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Tests.Providers;

/// <summary>Private keys, and settings that cannot be read.</summary>
public sealed partial class ClientAuthenticationTests
{
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
}
