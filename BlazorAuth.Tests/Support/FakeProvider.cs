using System.Collections.Concurrent;
using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Tests;

/// <summary>A provider on another site whose every answer a test can script. It takes the place of the network, not of the handlers.</summary>
internal sealed class FakeProvider : HttpMessageHandler
{
    public const string Issuer = "https://id.example";
    public const string Code = "the-code-of-the-fake-provider";
    public const string AccessToken = "the-access-token-of-the-fake-provider";
    public const string RefreshToken = "the-refresh-token-of-the-fake-provider";
    public const string ClientSecret = "the-client-secret-of-the-fake-provider";

    private static readonly RsaSecurityKey SigningKey = new(RSA.Create(2048)) { KeyId = "k1" };

    private string? _nonce;

    /// <summary>What goes wrong, by path: <c>/token</c>, <c>/userinfo</c>, <c>/emails</c>, <c>/.well-known/openid-configuration</c>, <c>/keys</c>.</summary>
    public ConcurrentDictionary<string, Func<CancellationToken, Task<HttpResponseMessage>>> Faults { get; } = new(StringComparer.Ordinal);

    /// <summary>The forms that came to the token endpoint.</summary>
    public ConcurrentQueue<Dictionary<string, string>> TokenRequests { get; } = new();

    public JsonObject User { get; set; } = new()
    {
        ["sub"] = "42", ["id"] = 42, ["name"] = "Ada Lovelace", ["login"] = "ada", ["email"] = "Ada@Example.com", ["email_verified"] = true,
        ["picture"] = "https://id.example/ada.png",
    };

    public JsonNode Emails { get; set; } = new JsonArray(new JsonObject { ["email"] = "Ada@Example.com", ["primary"] = true, ["verified"] = true });

    public JsonObject Discovery { get; } = new()
    {
        ["issuer"] = Issuer,
        ["authorization_endpoint"] = Issuer + "/authorize",
        ["token_endpoint"] = Issuer + "/token",
        ["userinfo_endpoint"] = Issuer + "/userinfo",
        ["jwks_uri"] = Issuer + "/keys",
        ["response_types_supported"] = new JsonArray("code"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
    };

    /// <summary>Changes an id token before it is signed.</summary>
    public Action<Dictionary<string, object>>? ChangeIdToken { get; set; }

    /// <summary>Signs id tokens with a key that is not the provider's.</summary>
    public bool SignsWithForeignKey { get; set; }

    /// <summary>An app whose providers of every kind are this one.</summary>
    public Task<AuthApp> StartAppAsync(Action<AuthAppSetup>? more = null) => AuthApp.StartAsync(setup =>
    {
        setup.StandIns = false;
        setup.Providers = builder => builder
            .AddGoogle(UseFor)
            .AddGitHub(UseFor)
            .AddOpenIdConnect("work", "Work", UseFor)
            .AddOAuth("acme", "Acme", UseForPlainOAuth);
        more?.Invoke(setup);
    });

    /// <summary>An app whose one provider, <c>acme</c>, is this one by OAuth alone.</summary>
    public Task<AuthApp> StartOAuthAsync(Action<OAuthOptions>? configure = null, Action<AuthAppSetup>? more = null) => AuthApp.StartAsync(setup =>
    {
        setup.StandIns = false;
        setup.Providers = builder => builder.AddOAuth("acme", "Acme", options =>
        {
            UseForPlainOAuth(options);
            configure?.Invoke(options);
        });
        more?.Invoke(setup);
    });

    public void UseFor(OAuthOptions options)
    {
        (options.ClientId, options.ClientSecret) = ("client", ClientSecret);
        options.AuthorizationEndpoint = Issuer + "/authorize";
        options.TokenEndpoint = Issuer + "/token";
        options.UserInformationEndpoint = Issuer + "/userinfo";
        options.BackchannelHttpHandler = this;
        if (options is GitHubOptions gitHub)
        {
            gitHub.UserEmailsEndpoint = Issuer + "/emails";
        }
    }

    /// <summary>An OAuth scheme that nobody special-cased: the app's own code asks who it is.</summary>
    public void UseForPlainOAuth(OAuthOptions options)
    {
        UseFor(options);
        options.ClaimActions.MapJsonKey(ClaimTypes.NameIdentifier, "id");
        options.ClaimActions.MapJsonKey(ClaimTypes.Name, "name");
        options.ClaimActions.MapJsonKey(ClaimTypes.Email, "email");
        options.Events.OnCreatingTicket = async context =>
        {
            using var response = await context.Backchannel.GetAsync(new Uri(context.Options.UserInformationEndpoint), context.HttpContext.RequestAborted);
            response.EnsureSuccessStatusCode();
            using var user = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync(context.HttpContext.RequestAborted));
            context.RunClaimActions(user.RootElement);
        };
    }

    public void UseFor(OpenIdConnectOptions options)
    {
        options.Authority = Issuer;
        (options.ClientId, options.ClientSecret) = ("client", ClientSecret);
        options.BackchannelHttpHandler = this;
    }

    /// <summary>Where the provider sends the browser after a yes, given where the app sent it. Null as a value leaves a parameter out.</summary>
    public Uri Answer(Uri authorize, params (string Name, string? Value)[] parameters)
    {
        var asked = QueryHelpers.ParseQuery(authorize.Query);
        _nonce = asked.TryGetValue("nonce", out var nonce) ? nonce.ToString() : null;
        var answer = new Dictionary<string, string?> { ["code"] = Code, ["state"] = asked["state"] };
        foreach (var (name, value) in parameters)
        {
            answer[name] = value;
        }

        return new Uri(QueryHelpers.AddQueryString(asked["redirect_uri"]!, answer.Where(pair => pair.Value is not null)));
    }

    public static HttpResponseMessage Json(string text, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(text, Encoding.UTF8, "application/json") };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (path == "/token")
        {
            var form = QueryHelpers.ParseQuery(await request.Content!.ReadAsStringAsync(cancellationToken));
            TokenRequests.Enqueue(form.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()));
        }

        if (Faults.TryGetValue(path, out var fault))
        {
            return await fault(cancellationToken);
        }

        return path switch
        {
            "/.well-known/openid-configuration" => Json(Discovery.ToJsonString()),
            "/keys" => Json($$"""{"keys":[{{System.Text.Json.JsonSerializer.Serialize(JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(SigningKey.Rsa.ExportParameters(false)) { KeyId = "k1" }))}}]}"""),
            "/token" => Json(new JsonObject
            {
                ["access_token"] = AccessToken, ["refresh_token"] = RefreshToken, ["token_type"] = "Bearer", ["expires_in"] = 3600, ["scope"] = "openid email",
                ["id_token"] = IdToken(),
            }.ToJsonString()),
            "/userinfo" => Json(User.ToJsonString()),
            "/emails" => Json(Emails.ToJsonString()),
            _ => new HttpResponseMessage(HttpStatusCode.NotFound),
        };
    }

    private string IdToken()
    {
        var now = TimeProvider.System.GetUtcNow();
        var claims = new Dictionary<string, object> { ["sub"] = User["sub"]?.ToString() ?? "42", ["name"] = "Ada Lovelace" };
        if (_nonce is not null)
        {
            claims["nonce"] = _nonce;
        }

        claims["iss"] = Issuer;
        claims["aud"] = "client";
        claims["exp"] = now.AddMinutes(5).ToUnixTimeSeconds();
        claims["iat"] = now.ToUnixTimeSeconds();
        ChangeIdToken?.Invoke(claims);
        var key = SignsWithForeignKey ? new RsaSecurityKey(RSA.Create(2048)) { KeyId = "k1" } : SigningKey;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims,
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.RsaSha256),
        });
    }
}
