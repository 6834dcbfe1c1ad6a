using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.Sessions;

/// <summary>The recorded tokens of Auth.js and next-auth with what the real libraries made of them.</summary>
internal static class SessionTokenVectors
{
    public static readonly JsonObject File = Load();

    public static IReadOnlyDictionary<string, SessionTokenVector> ById { get; } = File["vectors"]!.AsArray()
        .Select(node => new SessionTokenVector(node!.AsObject()))
        .ToDictionary(vector => vector.Id);

    private static JsonObject Load()
    {
        using var stream = typeof(SessionTokenVectors).Assembly.GetManifestResourceStream("session-token-vectors.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}

internal sealed class SessionTokenVector(JsonObject json)
{
    public string Id => (string)json["id"]!;

    public string Token => (string)json["token"]!;

    public string Salt => (string)json["salt"]!;

    public bool IsV4 => (string)json["format"]! == "v4";

    public bool IsAccepted => (string)json["expect"]! == "accept";

    public JsonObject? Claims => json["claims"]?.AsObject();

    public IEnumerable<(string Name, string Value)> Chunks => (json["chunks"]?.AsArray() ?? [])
        .Select(chunk => ((string)chunk!["name"]!, Token.Substring((int)chunk["offset"]!, (int)chunk["length"]!)));

    public string[] Secrets => ReadSecrets(json["secret"]!);

    public SessionTokenReading Read()
    {
        var tokens = new SessionToken(new SessionKeyRing(Secrets));
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return IsV4 ? tokens.ReadV4(Token, now, Salt) : tokens.Read(Token, Salt, now);
    }

    private static string[] ReadSecrets(JsonNode secret) =>
        secret is JsonArray list ? [.. list.Select(item => (string)item!)] : [(string)secret!];
}
