using System.Text.Json.Nodes;

namespace BlazorAuth.Tests;

/// <summary>What rows grant, read and written past the app: as another node does, or an administrator's tool.</summary>
internal static class StoredSession
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Replaces the claims of a session; null when it has another version by then.</summary>
    public static Task<SessionRecord?> GrantAsync(
        this ISessionStore store, string sessionId, string userId, int version, string claims, string secret = AuthApp.Secret)
    {
        var content = new RowContent("google", "4711", null, JsonNode.Parse(claims)!.AsObject());
        return store.UpdateAsync(sessionId, version, new SessionSeal([secret]).Seal(content, sessionId, userId, version + 1), Token);
    }

    /// <summary>What a row grants.</summary>
    public static RowContent Content(this SessionRecord row, string secret = AuthApp.Secret) => new SessionSeal([secret]).Open(row, out _)!;
}
