using System.Text.Json.Nodes;

namespace BlazorAuth.Tests;

/// <summary>The real <c>@auth/core</c>, asked through Node.</summary>
internal static class AuthJs
{
    public static async Task<JsonArray> CallAsync(params JsonObject[] calls) =>
        JsonNode.Parse(await ServerProcess.RunAsync(await Npm.ScriptAsync("auth-calls.mjs"), new JsonArray([.. calls]).ToJsonString()))!.AsArray();
}
