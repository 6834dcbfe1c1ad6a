using System.Net;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using BlazorAuth.Providers.Backchannel;
using BlazorAuth.Providers.OpenIdConnect;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Fuzz;

/// <summary>What reads the answers of providers, and what the browser brings back from them, fed with whatever may come.</summary>
public sealed class AnswerFuzzTests
{
    private static readonly string[] Profile =
    [
        "sub", "id", "name", "given_name", "family_name", "nickname", "login", "preferred_username", "email", "email_verified", "picture", "avatar_url", "auth_time",
    ];

    [Fact]
    public async Task NoCallbackQueryBringsAStateThatWeDidNotWrite()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        var provider = (await app.Services.GetRequiredService<AuthProviderRegistry>().FindAsync("google"))!;
        var (issuers, address) = (app.Services.GetRequiredService<ProviderIssuer>(), new PublicAddress("http", new HostString("localhost"), ""));
        var state = State("ours", "google");
        Fuzzing.Check(
            Fuzzing.Any(
                $"state={state}", $"&state={state}", $"state={State("acmes", "acme")}", "state=", "&", "=", "code=x", "&code=x&code=y", "error=access_denied", "error_description=%00", "iss=", "&iss=https%3A%2F%2Faccounts.google.com",
                "iss=https%3A%2F%2Fevil.example", "session_state=x", state[..20], state[20..]),
            query =>
            {
                var http = new DefaultHttpContext { RequestServices = app.Services };
                http.Request.QueryString = new QueryString("?" + query.Replace('#', 'x'));
                var request = new AuthRequest(http, address, AuthBody.None, _ => null!) { ReturnUrl = ReturnUrl.Home(address) };
                var read = CallbackState.Open(request, provider);
                var states = http.Request.Query["state"].Distinct(StringComparer.Ordinal).ToList();
                var said = http.Request.Query["iss"];
                var problem = issuers.ProblemAsync(provider, said, default).AsTask().GetAwaiter().GetResult();
                return (read.Properties is null || (states.Count == 1 && read.Properties.Items["kept"] == "ours")) && read.IsAmbiguous == states.Count > 1
                    && (problem is null) == (said.Count == 0 || said is ["https://accounts.google.com"]);
            });

        string State(string kept, string scheme) => Uri.EscapeDataString(
            app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptionsMonitor<OAuthOptions>>() is var plain && scheme == "acme"
                ? plain.Get("acme").StateDataFormat.Protect(Properties(kept))
                : ((OAuthOptions)provider.Options!).StateDataFormat.Protect(Properties(kept)));

        static AuthenticationProperties Properties(string kept) => new() { RedirectUri = "/page", Items = { ["kept"] = kept } };
    }

    [Fact]
    public void NoProfileBreaksItsReadersAndNoAddressIsVerifiedByItself() => Fuzzing.Check(
        from user in Fuzzing.Json(Profile, "\"Ada\"", "\"ada@example.com\"", "\"grace@example.com\"", "true", "false", "\"https://id.example/a.png\"", "42")
        from token in Fuzzing.Json(Profile, "\"Ada\"", "\"ada@example.com\"", "true", "\"false\"")
        select (user, token),
        sent =>
        {
            var answer = new ProviderAnswer();
            var principal = new ClaimsPrincipal(new ClaimsIdentity(Claims(sent.token)));
            answer.AddIdToken(principal.Claims);
            if (Parse(sent.user) is { } user)
            {
                answer.Add(user.RootElement);
                _ = GitHubEmail.Find(user.RootElement);
            }

            answer.Add(principal.Claims);
            var person = ProviderIdentity.User("id", principal, answer);
            _ = (ProviderIdentity.Subject(principal)?.Value, ProviderText.SubjectProblem(ProviderIdentity.Subject(principal)?.Value ?? ""), ProviderIdentity.Vouched(answer.Sources.Count > 1 ? Parse(sent.user)!.RootElement : default));
            return person.Name is not { Length: 0 or > 200 } && (person.Email is null || Encoding.UTF8.GetByteCount(person.Email) <= 320) && ProviderText.Fits(person.Name, person.Email, person.Image)
                && (!person.EmailVerified || answer.Sources.Any(source => ProviderText.Flag(source["email_verified"]?.ToString()) == true && ProviderText.Email(source["email"]?.ToString()) == person.Email));
        });

    [Fact]
    public void NoDiscoveryDocumentBreaksItsReader() => Fuzzing.Check(
        Fuzzing.Json(
            [
                "issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "response_types_supported", "claims_parameter_supported", "require_request_uri_registration",
                "id_token_signing_alg_values_supported", "keys", "kty", "kid", "n", "e", "x5c", "key_ops", "check_session_iframe",
            ],
            "\"https://id.example\"", "\"https://id.example/authorize\"", "[\"code\"]", "\"code id_token\"", "\"RSA\"", "[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]", "[{\"kty\":7,\"x5c\":\"a\"},null,7]"),
        text => Promised(() => DiscoveryDocument.Read(text, mayBePlain: _ => false)) && Promised(() => DiscoveryDocument.ReadKeys(text)));

    [Fact]
    public void NoTextIsASignedTokenWithoutASignature()
    {
        var header = Encode("{\"alg\":\"RS256\",\"kid\":\"k1\"}");
        Fuzzing.Check(
            Fuzzing.Any(
                $"{header}.{Encode("{\"sub\":\"42\"}")}.c2lnbmF0dXJl", header, ".", "..", Encode("{\"alg\":\"none\"}"), Encode("{\"alg\":\"NONE\"}"), Encode("{\"alg\":7}"), Encode("{\"alg\":\"\\ud83d\"}"), Encode("[]"),
                Encode("{\"name\":\"\\ud83d\"}"), "c2ln", "="),
            text =>
            {
                if (IdToken.Read(text) is not { } token)
                {
                    return true;
                }

                _ = token.WithWholeCharacters();
                return !token.IsSigned || (token.Signature.Length > 0 && !token.Algorithm.Equals("none", StringComparison.OrdinalIgnoreCase) && text.Split('.')[2].Length > 0);
            });
    }

    [Fact]
    public void NoAnswerOfAnEndpointIsLeftUnreadable()
    {
        var sent = (Type: "", Body: Array.Empty<byte>());
        using var client = new HttpMessageInvoker(new CleanAnswers(new Fixed(() => sent)));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://id.example/token");
        Fuzzing.Check(
            from type in Gen.Elements(
                "application/json", "application/json; charset=utf8", "text/plain", "text/html; charset=x-unknown", "application/json; charset=\"utf-16\"", "application/jwt", "application/x-www-form-urlencoded; charset=latin1",
                "text/json; charset='utf-8'", "application/problem+json;charset=", "")
            from body in Fuzzing.Any("{\"access_token\":\"x\"}", "\uFEFF{\"a\":1}", "{\"name\":\"\\ud83d\"}", "access_token=x&scope=", "[", "\"", "\\ud83d", "\\udd10", "\\\\ud83d")
            from cut in Gen.Choose(0, 3)
            select (type, body: Encoding.UTF8.GetBytes(body)[Math.Min(cut, Encoding.UTF8.GetByteCount(body))..]),
            answer =>
            {
                sent = answer;
                using var response = client.SendAsync(request, default).GetAwaiter().GetResult();
                var text = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
                if (response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true && Parse(text) is { } json)
                {
                    // What throws at half a character throws here.
                    _ = json.RootElement.ValueKind == JsonValueKind.Object ? string.Concat(json.RootElement.EnumerateObject().Select(member => member.Name + member.Value)) : json.RootElement.ToString();
                }

                return true;
            });
    }

    private static bool Promised(Action read)
    {
        try
        {
            read();
        }
        catch (ProviderAnswerException)
        {
            // What the reader promises.
        }

        return true;
    }

    private static JsonDocument? Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(LoneSurrogates.Replace(text));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<Claim> Claims(string token) => Parse(token) is { RootElement.ValueKind: JsonValueKind.Object } json
        ? json.RootElement.EnumerateObject().Select(member => new Claim(
            member.Name, member.Value.ToString(), member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? ClaimValueTypes.Boolean : member.Value.ValueKind == JsonValueKind.Number ? ClaimValueTypes.Integer64 : ClaimValueTypes.String)).ToList()
        : [];

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private sealed class Fixed(Func<(string Type, byte[] Body)> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var (type, body) = answer();
            var content = new ByteArrayContent(body);
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        }
    }
}
