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
    // Of two members of one name nobody knows which is meant.
    private static readonly JsonDocumentOptions Once = new() { AllowDuplicateProperties = false };

    /// <exception cref="ProviderAnswerException">The document cannot be used; the message says why.</exception>
    public static OpenIdConnectConfiguration Read(string text)
    {
        var document = Parse(text, "The discovery document");
        foreach (var (name, value) in document.ToList())
        {
            if (Clean(name, value) is { } clean)
            {
                document[name] = clean;
            }
            else
            {
                document.Remove(name);
            }
        }

        foreach (var required in (string[])["issuer", "authorization_endpoint", "token_endpoint"])
        {
            if (document[required] is not JsonValue value || value.GetValueKind() != JsonValueKind.String || value.GetValue<string>().Length == 0)
            {
                throw new ProviderAnswerException($"The discovery document names no {required}.");
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
            throw new ProviderAnswerException("The key set holds no keys.");
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
                // A key of a kind that nobody here knows: a token signed with it will say so.
            }
        }

        return set;
    }

    private static JsonObject Parse(string text, string what)
    {
        try
        {
            return JsonNode.Parse(LoneSurrogates.Replace(text), documentOptions: Once) as JsonObject ?? throw new ProviderAnswerException($"{what} is no JSON object.");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new ProviderAnswerException($"{what} is no JSON, or says something twice.", exception);
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
            ? value is JsonValue text && text.GetValueKind() == JsonValueKind.String ? text.GetValue<string>().Trim() : null
            : value is JsonValue ? value.DeepClone() : null;
    }

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
