using System.Text.Json.Nodes;

namespace BlazorAuth.Http;

/// <summary>Whether two values are the same JSON. Unlike the platform's comparison, it has an answer for every number.</summary>
internal static class JsonEquality
{
    public static bool AreSame(JsonNode? one, JsonNode? other) => (one, other) switch
    {
        (null, null) => true,
        (JsonObject first, JsonObject second) => first.Count == second.Count
            && first.All(member => second.TryGetPropertyValue(member.Key, out var value) && AreSame(member.Value, value)),
        (JsonArray first, JsonArray second) => first.Count == second.Count && first.Zip(second).All(pair => AreSame(pair.First, pair.Second)),
        (null, _) or (_, null) => false,

        // By their text, numbers too: 1.0 and 1 differ, which costs a write at most. Also objects and arrays that the app put in as values.
        _ => one.ToJsonString(AuthJson.Compact) == other.ToJsonString(AuthJson.Compact),
    };
}
