using BlazorAuth.Http;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Providers;

/// <summary>What a provider sent during one callback: its claims about the person, and its tokens. Collected from the handler's events.</summary>
internal sealed class ProviderAnswer
{
    private readonly List<JsonObject> _sources = [];

    public JsonObject Profile { get; private set; } = [];

    /// <summary>The responses, separately: an address and the flag that verifies it have to come from the same one.</summary>
    public IReadOnlyList<JsonObject> Sources => _sources;

    public string? AccessToken { get; set; }

    public string? RefreshToken { get; set; }

    public string? IdToken { get; set; }

    /// <summary>The <c>auth_time</c> of the signed id token: when the provider asked the person last.</summary>
    public string? AuthTime { get; set; }

    public string? TokenType { get; set; }

    public string? Scope { get; set; }

    public TimeSpan? ExpiresIn { get; set; }

    /// <summary>Who signed the id token. Claims can't say it: code of the app that rebuilds them writes another issuer into them.</summary>
    public string? Issuer { get; set; }

    /// <summary>Whether the scheme accepts several issuers, so that a subject alone names nobody.</summary>
    public bool IsOfManyIssuers { get; set; }

    /// <summary>
    /// Whether the answer comes from one of many tenants, or from an issuer that the app's code accepts beside the scheme's own. Each of them writes into its people's
    /// addresses what it likes.
    /// </summary>
    public bool IsOfOtherIssuer { get; set; }

    public static ProviderAnswer Of(HttpContext http)
    {
        if (http.Features.Get<ProviderAnswer>() is not { } answer)
        {
            http.Features.Set(answer = new ProviderAnswer());
        }

        return answer;
    }

    /// <summary>Adds what a user information endpoint said; it may say more than an id token did.</summary>
    public void Add(JsonElement user)
    {
        if (user.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var source = new JsonObject();
        foreach (var member in user.EnumerateObject())
        {
            source[member.Name] = JsonCopy.Of(member.Value);
            Profile[member.Name] = JsonCopy.Of(member.Value);
        }

        _sources.Add(source);
    }

    /// <summary>Adds the claims of an id token.</summary>
    public void AddIdToken(IEnumerable<Claim> claims)
    {
        var all = claims.ToList();
        Add(all);
        var source = new JsonObject();
        foreach (var claim in all)
        {
            source[claim.Type] = Value(claim);
        }

        _sources.Add(source);
    }

    /// <summary>Adds the claims of a handler that has no other profile.</summary>
    public void Add(IEnumerable<Claim> claims)
    {
        foreach (var group in claims.GroupBy(claim => claim.Type).Where(group => !Profile.ContainsKey(group.Key)))
        {
            JsonNode?[] values = [.. group.Select(Value)];
            Profile[group.Key] = values is [var single] ? single : new JsonArray(values);
        }
    }

    private static JsonNode? Value(Claim claim) => claim.ValueType switch
    {
        ClaimValueTypes.Boolean when bool.TryParse(claim.Value, out var value) => value,
        ClaimValueTypes.Integer or ClaimValueTypes.Integer32 or ClaimValueTypes.Integer64
            when long.TryParse(claim.Value, System.Globalization.CultureInfo.InvariantCulture, out var value) => value,
        _ => claim.Value,
    };
}
