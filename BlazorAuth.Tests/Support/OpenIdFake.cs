using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Tests;

/// <summary>A request that came to a provider: path, <c>Authorization</c> header, and the fields of its form.</summary>
internal sealed record Seen(string Path, string? Authorization, IReadOnlyDictionary<string, string> Form)
{
    public string? Field(string name) => Form.GetValueOrDefault(name);
}

/// <summary>An OpenID Connect provider whose documents, keys, tokens and answers a test writes itself. It takes the place of the network, not of the handlers.</summary>
internal sealed class OpenIdFake : HttpMessageHandler
{
    public const string Secret = "the-client-secret-of-the-open-id-fake-0123456789";

    // To make one takes longer than an app's start. A test whose providers must not share it gives one of them another.
    private static readonly SigningCredentials SharedKey = Rsa("k1");

    private string? _nonce;

    public string Issuer { get; set; } = "https://id.example";

    public List<SigningCredentials> Keys { get; } = [SharedKey];

    /// <summary>What the header of an id token has beside algorithm, type and key.</summary>
    public Dictionary<string, object> Header { get; } = [];

    public JsonObject Discovery { get; } = new()
    {
        ["issuer"] = "https://id.example",
        ["authorization_endpoint"] = "https://id.example/authorize",
        ["token_endpoint"] = "https://id.example/token",
        ["userinfo_endpoint"] = "https://id.example/userinfo",
        ["jwks_uri"] = "https://id.example/keys",
        ["response_types_supported"] = new JsonArray("code"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
    };

    /// <summary>What the id token says beside issuer, audience, times and nonce.</summary>
    public JsonObject Claims { get; set; } = new() { ["sub"] = "42", ["name"] = "Ada Lovelace" };

    public JsonObject UserInfo { get; set; } = new() { ["sub"] = "42" };

    /// <summary>Changes the whole content of an id token before it is signed.</summary>
    public Action<JsonObject>? ChangeToken { get; set; }

    /// <summary>Changes an id token after it was signed.</summary>
    public Func<string, string> Spoil { get; set; } = token => token;

    /// <summary>What a path answers instead; null as an answer: as usual.</summary>
    public ConcurrentDictionary<string, Func<Seen, HttpResponseMessage?>> Hooks { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<Seen> Requests { get; } = new();

    /// <summary>What the key set names as the issuer of its keys.</summary>
    public string? KeyIssuer { get; set; }

    public int Count(string path) => Requests.Count(request => request.Path == path);

    public Seen Last(string path) => Requests.Last(request => request.Path == path);

    public static SigningCredentials Rsa(string? id, string algorithm = SecurityAlgorithms.RsaSha256) =>
        new(new RsaSecurityKey(RSA.Create(2048)) { KeyId = id }, algorithm);

    public static SigningCredentials Curve(string id, ECCurve curve, string algorithm) => new(new ECDsaSecurityKey(ECDsa.Create(curve)) { KeyId = id }, algorithm);

    public static HttpResponseMessage Json(string text, HttpStatusCode status = HttpStatusCode.OK, string type = "application/json")
    {
        var answer = new HttpResponseMessage(status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text)) };
        answer.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        return answer;
    }

    public static HttpResponseMessage Error(string error, HttpStatusCode status = HttpStatusCode.BadRequest, string? description = null) =>
        Json(JsonSerializer.Serialize(new { error, error_description = description }), status);

    /// <summary>An app with the provider <c>work</c>, whose client is set by the environment.</summary>
    public Task<AuthApp> StartAsync(Action<AuthAppSetup>? more = null, Action<OpenIdConnectOptions>? configure = null) => AuthApp.StartAsync(setup =>
    {
        setup.StandIns = false;
        setup.Options = options => options.RateLimit.PermitLimit = 0;
        setup.Settings["AUTH_WORK_ISSUER"] = Issuer;
        setup.Settings["AUTH_WORK_ID"] = "client";
        setup.Settings["AUTH_WORK_SECRET"] = Secret;
        setup.Providers = builder => builder.AddOpenIdConnect("work", "Work", options =>
        {
            options.BackchannelHttpHandler = this;
            configure?.Invoke(options);
        });
        more?.Invoke(setup);
    });

    /// <summary>Signs somebody in and returns where that ends: <c>/page</c> with their name when it worked.</summary>
    public async Task<Page> SignInAsync(AuthApp app, string provider = "work")
    {
        using var browser = app.CreateBrowser();
        var start = await browser.StartSignInAsync(provider);
        return start.Location is { } authorize && authorize.Host != app.Address.Host ? await browser.ArriveAsync(Answer(authorize)) : start;
    }

    /// <summary>Where the provider sends the browser after a yes. Null as a value leaves a parameter out.</summary>
    public Uri Answer(Uri authorize, params (string Name, string? Value)[] parameters)
    {
        var asked = QueryHelpers.ParseQuery(authorize.Query);
        _nonce = asked.TryGetValue("nonce", out var nonce) ? nonce.ToString() : _nonce;
        var answer = new Dictionary<string, string?> { ["code"] = "the-code-of-the-open-id-fake", ["state"] = asked["state"] };
        foreach (var (name, value) in parameters)
        {
            answer[name] = value;
        }

        return new Uri(QueryHelpers.AddQueryString(asked["redirect_uri"]!, answer.Where(pair => pair.Value is not null)));
    }

    public string IdToken(SigningCredentials? by = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        var claims = new JsonObject
        {
            ["iss"] = Issuer, ["aud"] = "client", ["iat"] = now.ToUnixTimeSeconds(), ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(), ["nonce"] = _nonce,
        };
        foreach (var (name, value) in Claims)
        {
            claims[name] = value?.DeepClone();
        }

        ChangeToken?.Invoke(claims);
        return Spoil(new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(claims.ToJsonString(), by ?? Keys[0], Header));
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var seen = new Seen(
            request.RequestUri!.AbsolutePath, request.Headers.Authorization?.ToString(), QueryHelpers.ParseQuery(body).ToDictionary(pair => pair.Key, pair => pair.Value.ToString()));
        Requests.Enqueue(seen);
        if (Hooks.TryGetValue(seen.Path, out var hook) && hook(seen) is { } answer)
        {
            return answer;
        }

        return seen.Path switch
        {
            "/keys" => Json(new JsonObject { ["keys"] = new JsonArray([.. Keys.Where(key => key.Key is AsymmetricSecurityKey).Select(PublicKey)]) }.ToJsonString()),
            "/token" => Json(new JsonObject { ["access_token"] = "the-access-token", ["token_type"] = "Bearer", ["expires_in"] = 3600, ["id_token"] = IdToken() }.ToJsonString()),
            "/userinfo" => Json(UserInfo.ToJsonString()),
            _ when seen.Path.EndsWith("/.well-known/openid-configuration", StringComparison.Ordinal) => Json(Discovery.ToJsonString()),
            _ => new HttpResponseMessage(HttpStatusCode.NotFound),
        };
    }

    private JsonObject PublicKey(SigningCredentials credentials)
    {
        var key = credentials.Key is RsaSecurityKey rsa
            ? JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.Rsa.ExportParameters(false)))
            : JsonWebKeyConverter.ConvertFromECDsaSecurityKey((ECDsaSecurityKey)credentials.Key);
        var json = new JsonObject { ["kty"] = key.Kty, ["use"] = "sig", ["kid"] = credentials.Key.KeyId };
        foreach (var (name, value) in ((string, string?)[])[("n", key.N), ("e", key.E), ("crv", key.Crv), ("x", key.X), ("y", key.Y), ("issuer", KeyIssuer)])
        {
            if (value is not null)
            {
                json[name] = value;
            }
        }

        return json;
    }
}
