using System.Text.Json;
using System.Text.Json.Nodes;
using BlazorAuth.Http;
using BlazorAuth.Providers.Backchannel;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Providers.OpenIdConnect;

/// <summary>
/// Reads discovery documents and key sets as they come: made by hand, by a template, with booleans as texts and one text where a list should be. The
/// platform's reader gives up at the first member of another type, used or not.
/// </summary>
internal static class DiscoveryDocument
{
    private static readonly JsonDocumentOptions ByHand = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Reads a document. An address over plain http counts only if <paramref name="mayBePlain"/> says so: secrets, codes and tokens go to it.</summary>
    /// <exception cref="ProviderAnswerException">The document cannot be used; the message says why.</exception>
    public static OpenIdConnectConfiguration Read(string text, Predicate<string> mayBePlain)
    {
        var document = Parse(text, "The discovery document");
        var plain = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in document.ToList())
        {
            var clean = Clean(name, value);
            if (name != "issuer" && clean is not null && IsPlainHttp(clean, mayBePlain))
            {
                plain.Add(name);
                clean = null;
            }

            if (clean is null)
            {
                document.Remove(name);
            }
            else
            {
                document[name] = clean;
            }
        }

        foreach (var required in (string[])["issuer", "authorization_endpoint", "token_endpoint"])
        {
            if (document[required] is null)
            {
                throw new ProviderAnswerException($"The discovery document has no {required} that is a web address{(plain.Contains(required) ? " over https" : "")}.");
            }
        }

        try
        {
            return OpenIdConnectConfiguration.Create(document.ToJsonString());
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new ProviderAnswerException("The discovery document cannot be read.", exception);
        }
    }

    /// <summary>Reads a key set, without the keys that cannot be read.</summary>
    public static JsonWebKeySet ReadKeys(string text)
    {
        if (Parse(text, "The key set")["keys"] is not JsonArray list)
        {
            throw new ProviderAnswerException("The key set contains no keys.");
        }

        var set = new JsonWebKeySet();
        foreach (var entry in list.OfType<JsonObject>())
        {
            foreach (var (name, value) in entry.ToList())
            {
                if (value is null || (value is JsonValue scalar && scalar.GetValueKind() is not JsonValueKind.String))
                {
                    entry.Remove(name);
                }
                else if (name == "key_ops" || name == "x5c")
                {
                    entry[name] = Texts(value);
                }
            }

            try
            {
                set.Keys.Add(new JsonWebKey(entry.ToJsonString()));
            }
            catch (ArgumentException)
            {
                // A key of an unsupported type: a token signed with it will be reported.
            }
        }

        return set;
    }

    private static JsonObject Parse(string text, string what)
    {
        try
        {
            using var document = JsonDocument.Parse(LoneSurrogates.Replace(text), ByHand);
            return Copy(document.RootElement) as JsonObject ?? throw new ProviderAnswerException($"{what} is not a JSON object.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new ProviderAnswerException($"{what} is not JSON.", exception);
        }
    }

    // Of duplicate members the last one counts, as in JavaScript, which most clients use. The platform's JsonNode throws on them, and only later.
    private static JsonNode? Copy(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new JsonObject();
                foreach (var member in element.EnumerateObject())
                {
                    members[member.Name] = Copy(member.Value);
                }

                return members;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(Copy)]);
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element.Clone());
        }
    }

    /// <summary>The value in the type that its name promises; null where it has none.</summary>
    private static JsonNode? Clean(string name, JsonNode? value)
    {
        if (value is null)
        {
            return null;
        }

        if (name.StartsWith("require_", StringComparison.Ordinal) || (name.EndsWith("_supported", StringComparison.Ordinal) && IsFlag(name)))
        {
            return Flag(value);
        }

        if (name.EndsWith("_supported", StringComparison.Ordinal))
        {
            return Texts(value);
        }

        return name == "issuer" || name.EndsWith("_endpoint", StringComparison.Ordinal) || name.EndsWith("_uri", StringComparison.Ordinal) || name.EndsWith("_iframe", StringComparison.Ordinal)
            ? WebAddress(value)
            : value is JsonValue ? value.DeepClone() : null;
    }

    private static JsonNode? WebAddress(JsonNode value) =>
        value is JsonValue text && text.GetValueKind() == JsonValueKind.String && WebUri.TryParse(text.GetValue<string>().Trim(), out _)
                ? text.GetValue<string>().Trim()
                : null;

    private static bool IsPlainHttp(JsonNode value, Predicate<string> mayBePlain) =>
        value is JsonValue text && text.TryGetValue(out string? address) && address.StartsWith("http:", StringComparison.OrdinalIgnoreCase) && !mayBePlain(address);

    private static bool IsFlag(string name) => name is "claims_parameter_supported" or "request_parameter_supported" or "request_uri_parameter_supported"
        or "http_logout_supported" or "frontchannel_logout_supported" or "frontchannel_logout_session_supported" or "backchannel_logout_supported"
        or "backchannel_logout_session_supported" or "logout_session_supported" or "authorization_response_iss_parameter_supported"
        or "tls_client_certificate_bound_access_tokens";

    private static JsonNode? Flag(JsonNode value) => value is not JsonValue scalar ? null : scalar.ToString().ToLowerInvariant() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => null,
    };

    private static JsonArray Texts(JsonNode value) => value switch
    {
        JsonArray list => [.. list.Where(item => item is JsonValue).Select(item => (JsonNode)item!.ToString())],
        JsonValue text => [.. text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(item => (JsonNode)item)],
        _ => [],
    };
}
