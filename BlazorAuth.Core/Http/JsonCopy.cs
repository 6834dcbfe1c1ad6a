using System.Text.Json;
using System.Text.Json.Nodes;

namespace BlazorAuth.Http;

/// <summary>
/// JSON in which each name stands once; of several the last counts, as in <c>JSON.parse</c>. The platform reads an object with a name twice, and throws as soon as
/// anything looks into it.
/// </summary>
internal static class JsonCopy
{
    public static JsonNode? Of(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is not (JsonValueKind.Object or JsonValueKind.Array) => value.DeepClone(),
        _ => Of(node.Deserialize<JsonElement>(AuthJson.Compact)),
    };

    public static JsonNode? Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => OfObject(element),
        JsonValueKind.Array => new JsonArray([.. element.EnumerateArray().Select(Of)]),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(element.Clone()),
    };

    public static JsonObject OfObject(JsonElement element)
    {
        var copy = new JsonObject();
        foreach (var member in element.EnumerateObject())
        {
            copy[member.Name] = Of(member.Value);
        }

        return copy;
    }
}
