using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BlazorAuth.StandIns;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.Tests.StandIns;

/// <summary>The stand-ins asked directly over HTTP, as a handler asks them.</summary>
internal static class StandInWire
{
    public const string RedirectUri = "http://localhost:1/signin";
    public const string Verifier = "a-verifier-that-is-long-enough-for-the-rules-of-rfc-7636";

    public static readonly Dictionary<string, (string Authorize, string Token)> Endpoints = new()
    {
        ["google"] = ("google/authorize", "google/token"),
        ["github"] = ("github/login/oauth/authorize", "github/login/oauth/access_token"),
        ["oauth"] = ("oauth/authorize", "oauth/token"),
        ["oidc"] = ("oidc/authorize", "oidc/token"),
    };

    public static Uri AuthorizeAddress(StandInApp app, string provider, Dictionary<string, string> changes)
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

    public static async Task<string> GetCodeAsync(StandInApp app, Browser browser, string provider, string person = "ada")
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

    public static async Task<JsonElement> ExchangeAsync(
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

    public static FormUrlEncodedContent TokenForm(string code, Dictionary<string, string> changes)
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
}
