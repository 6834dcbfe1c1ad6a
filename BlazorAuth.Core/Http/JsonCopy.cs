using System.Text.Json;
using System.Text.Json.Nodes;

namespace BlazorAuth.Http;

/// <summary>
/// JSON in which each name stands once; of several the last counts, as in <c>JSON.parse</c>. The platform reads an object with a name twice, and throws as soon as
/// anything looks into it.
/// </summary>
internal static class JsonCopy
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static JsonNode? Of(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is not (JsonValueKind.Object or JsonValueKind.Array) => value.DeepClone(),
        _ => Parse(JsonSerializer.SerializeToUtf8Bytes(node, AuthJson.Compact)),
    };

    public static JsonNode? Of(JsonElement element) => Parse(JsonSerializer.SerializeToUtf8Bytes(element, AuthJson.Compact));

    public static JsonNode? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            // Read lazily: what nobody looks into takes no more than its text.
            return JsonNode.Parse(json, documentOptions: Strict);
        }
        catch (JsonException)
        {
            return Rebuilt(JsonElement.Parse(json));
        }
    }

    private static JsonNode? Rebuilt(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var copy = new JsonObject();
                foreach (var member in element.EnumerateObject())
                {
                    copy[member.Name] = Rebuilt(member.Value);
                }

                return copy;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(Rebuilt)]);
            default:
                return JsonValue.Create(element);
        }
    }
}
