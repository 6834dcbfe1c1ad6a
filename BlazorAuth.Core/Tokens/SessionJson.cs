using System.Globalization;
using System.Text.Json.Nodes;

namespace BlazorAuth.Tokens;

/// <summary>The session as a browser sees it: name, e-mail and image, and when it ends (<c>docs/contract/endpoints.md</c> §8).</summary>
internal static class SessionJson
{
    public static JsonObject Create(SessionTicket ticket)
    {
        var user = new JsonObject();
        Add(user, "name", AuthClaims.Name, ticket);
        Add(user, "email", AuthClaims.Email, ticket);
        Add(user, "image", AuthClaims.Picture, ticket);
        return new JsonObject
        {
            ["user"] = user,
            ["expires"] = ticket.ExpiresAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        };
    }

    private static void Add(JsonObject user, string name, string claim, SessionTicket ticket)
    {
        if (ticket.Claims.TryGetPropertyValue(claim, out var value))
        {
            user[name] = value?.DeepClone();
        }
    }
}
