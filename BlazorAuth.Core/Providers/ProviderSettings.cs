using System.Security.Cryptography;
using BlazorAuth.Configuration;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Providers;

/// <summary>How a client shows a provider who it is.</summary>
internal enum ClientAuthentication
{
    /// <summary>Id and secret in the <c>Authorization</c> header.</summary>
    Basic,

    /// <summary>Id and secret in the form.</summary>
    Post,

    /// <summary>The id alone; PKCE proves that the client is the same.</summary>
    None,

    /// <summary>A token signed with the client's private key.</summary>
    PrivateKeyJwt,
}

/// <summary>The settings that every provider has, read from environment and <c>appsettings</c>. A value that cannot be read stops the start.</summary>
internal sealed class ProviderSettings(AuthEnvironment environment, string id)
{
    private static readonly string[] OfAll = ["ID", "SECRET", "ISSUER", "NAME", "CLIENT_AUTH", "PRIVATE_KEY", "PRIVATE_KEY_ID"];
    private static readonly string[] OfOAuth = ["AUTHORIZATION_ENDPOINT", "TOKEN_ENDPOINT", "USERINFO_ENDPOINT", "EMAILS_ENDPOINT"];
    private static readonly string[] OfOpenIdConnect = ["ID_TOKEN_ALG", "TENANTS", "DISCOVERY"];

    private const string Document = "/.well-known/openid-configuration";

    private static readonly string[] IdTokenAlgorithms =
    [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "HS256", "HS384", "HS512",
    ];

    /// <summary>The last parts of the names that are read for schemes whose options have this type.</summary>
    public static IEnumerable<string> NamesFor(Type options) => OfAll
        .Concat(options.IsAssignableTo(typeof(OAuthOptions)) ? OfOAuth : [])
        .Concat(options.IsAssignableTo(typeof(OpenIdConnectOptions)) ? OfOpenIdConnect : []);

    public string? ClientId => environment.Get(id, "ID");

    public string? ClientSecret => environment.Get(id, "SECRET");

    /// <summary>The issuer; who gave the address of its discovery document meant the issuer in front of it.</summary>
    public string? Issuer
    {
        get
        {
            var text = environment.Get(id, "ISSUER");
            return text?.TrimEnd('/').EndsWith(Document, StringComparison.OrdinalIgnoreCase) == true ? text.TrimEnd('/')[..^Document.Length] : text;
        }
    }

    /// <summary>Where the discovery document is, if not at the issuer.</summary>
    public string? Discovery => environment.Get(id, "DISCOVERY") is not { } text ? null
        : text.TrimEnd('/').EndsWith(Document, StringComparison.OrdinalIgnoreCase) ? text.TrimEnd('/')
        : text.TrimEnd('/') + Document;

    public string? AuthorizationEndpoint => environment.Get(id, "AUTHORIZATION_ENDPOINT");

    public string? TokenEndpoint => environment.Get(id, "TOKEN_ENDPOINT");

    public string? UserInfoEndpoint => environment.Get(id, "USERINFO_ENDPOINT");

    /// <summary>The tenants whose users may sign in; empty if those of any tenant may.</summary>
    /// <exception cref="AuthSetupException">The setting is there and names none, or is not written as it is read.</exception>
    public IReadOnlyList<string> Tenants => environment.Get(id, "TENANT") is null ? environment.GetList(id, "TENANTS")
        : throw new AuthSetupException($"{Variable("TENANT")} is set, but what is read is {Variable("TENANTS")}. Rename it; or, if your own code reads it, give it another name.");

    /// <summary>How the client is to authenticate; null where the provider's own words decide.</summary>
    public ClientAuthentication? ClientAuthentication => environment.Get(id, "CLIENT_AUTH")?.ToLowerInvariant() switch
    {
        null => HasPrivateKey ? Providers.ClientAuthentication.PrivateKeyJwt : null,
        "basic" or "client_secret_basic" => Providers.ClientAuthentication.Basic,
        "post" or "client_secret_post" => Providers.ClientAuthentication.Post,
        "none" => Providers.ClientAuthentication.None,
        "private_key_jwt" when HasPrivateKey => Providers.ClientAuthentication.PrivateKeyJwt,
        "private_key_jwt" => throw new AuthSetupException($"{Variable("CLIENT_AUTH")} is private_key_jwt, but no key is set. Set {Variable("PRIVATE_KEY")} to the key in PEM, or to its path."),
        _ => throw new AuthSetupException($"{Variable("CLIENT_AUTH")} must be basic, post, none or private_key_jwt. Correct or remove it."),
    };

    /// <summary>The one algorithm that id tokens have; null where the provider's own words decide.</summary>
    public string? IdTokenAlgorithm => environment.Get(id, "ID_TOKEN_ALG") is not { } text ? null
        : IdTokenAlgorithms.FirstOrDefault(known => known.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw new AuthSetupException(
                $"{Variable("ID_TOKEN_ALG")} is not a supported id token algorithm. Use one of {string.Join(", ", IdTokenAlgorithms)}, and the same one at the provider.");

    /// <summary>The client's private key; null when it has none.</summary>
    public SigningCredentials? PrivateKey
    {
        get
        {
            if (environment.Get(id, "PRIVATE_KEY") is not { } text)
            {
                return null;
            }

            try
            {
                // Where a variable cannot hold several lines, their ends are written as \n.
                var pem = text.StartsWith("-----", StringComparison.Ordinal) ? text.Replace("\\n", "\n", StringComparison.Ordinal) : File.ReadAllText(text);
                return Credentials(pem);
            }
            catch (Exception exception) when (exception is ArgumentException or CryptographicException or IOException or UnauthorizedAccessException or NotSupportedException)
            {
                throw new AuthSetupException(
                    $"{Variable("PRIVATE_KEY")} contains no readable private key. Set it to an RSA or elliptic curve key in PEM without a password, or to the path of such a file.");
            }
        }
    }

    public string Variable(string name) => AuthEnvironment.Variable(id, name);

    private bool HasPrivateKey => environment.Get(id, "PRIVATE_KEY") is not null;

    private SigningCredentials Credentials(string pem)
    {
        var keyId = environment.Get(id, "PRIVATE_KEY_ID");
        if (IsRsa(pem))
        {
            var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return new SigningCredentials(new RsaSecurityKey(rsa) { KeyId = keyId }, SecurityAlgorithms.RsaSha256);
        }

        var curve = ECDsa.Create();
        curve.ImportFromPem(pem);
        var algorithm = curve.KeySize switch { 256 => SecurityAlgorithms.EcdsaSha256, 384 => SecurityAlgorithms.EcdsaSha384, _ => SecurityAlgorithms.EcdsaSha512 };
        return new SigningCredentials(new ECDsaSecurityKey(curve) { KeyId = keyId }, algorithm);
    }

    private static bool IsRsa(string pem)
    {
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return false;
        }
    }
}
