using System.Text.Json;
using System.Text.Json.Nodes;
using BlazorAuth.Http;

namespace BlazorAuth.Tokens;

/// <summary>The content of a session token, and the session that it stands for.</summary>
internal sealed class SessionTicket
{
    private const string AdoptedClaim = "blazorauth.adopted";
    private const string TransientClaim = "blazorauth.transient";
    private const double LatestTime = 221_845_392_000;

    private Session? _session;
    private byte[]? _json;

    /// <summary>The app's and the profile's claims: all but those that hold the session together.</summary>
    public required JsonObject Claims { get; init; }

    public required string Id { get; init; }

    public required string UserId { get; init; }

    public required string Provider { get; init; }

    public required int Version { get; init; }

    /// <summary>When the person signed in: the absolute lifetime counts from here.</summary>
    public required DateTimeOffset SignedInAt { get; init; }

    /// <summary>When the person last authenticated; null if unknown.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>When BlazorAuth wrote this token, according to the token. Times that Auth.js set when it reissued the token can only make it older.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The store and the number of the write that the ticket comes from; null when it does not say, and only its row can vouch for it.</summary>
    public StoreMark? Mark { get; init; }

    /// <summary>Whether the session was created from an Auth.js token, and none of BlazorAuth's tokens has come back for it yet.</summary>
    public bool IsAdopted { get; init; }

    /// <summary>Whether its cookie is to be gone when the browser is closed, however often it is renewed.</summary>
    public bool IsTransient { get; init; }

    public Session Session => _session ??= CreateSession();

    /// <summary>What <c>GET session</c> answers when no callback of the app changes it.</summary>
    public byte[] Json => _json ??= JsonSerializer.SerializeToUtf8Bytes(SessionJson.Create(this), AuthJson.Compact);

    /// <summary>The ticket in a token's claims; null if the token has no BlazorAuth session ID, no subject or no times, or an ID that no store can hold.</summary>
    public static SessionTicket? FromToken(JsonObject token)
    {
        if (Text(token, AuthClaims.SessionId) is not { } id || Text(token, AuthClaims.Subject) is not { } userId || !StoredText.CanBeId(id) || !StoredText.CanBeId(userId)
            || Time(token, AuthClaims.IssuedAt) is not { } issuedAt || Time(token, AuthClaims.ExpiresAt) is not { } expiresAt)
        {
            return null;
        }

        var mark = StoreMark.Parse(Text(token, AuthClaims.Store));
        var ownIssuedAt = Time(token, AuthClaims.WrittenAt);
        return new SessionTicket
        {
            Claims = WithoutReserved(token),
            Id = id,
            UserId = userId,
            Provider = Text(token, AuthClaims.Provider) ?? "",
            Version = (int)(Number(token, AuthClaims.Version) ?? 1),
            SignedInAt = Time(token, AuthClaims.SignedInAt) ?? issuedAt,
            AuthenticatedAt = Time(token, AuthClaims.AuthenticatedAt),
            IssuedAt = ownIssuedAt < issuedAt ? ownIssuedAt.Value : issuedAt,
            ExpiresAt = expiresAt,
            Mark = ownIssuedAt is null ? null : mark,
            IsAdopted = token.ContainsKey(AdoptedClaim),
            IsTransient = token.ContainsKey(TransientClaim),
        };
    }

    /// <summary>The claims of the token to be written, without <c>iat</c>, <c>exp</c> and <c>jti</c>, in Auth.js's order.</summary>
    public JsonObject ToToken()
    {
        var token = new JsonObject();
        foreach (var (name, value) in Claims.Where(claim => AuthClaims.IsProfile(claim.Key)))
        {
            token[name] = value?.DeepClone();
        }

        token[AuthClaims.Subject] = UserId;
        foreach (var (name, value) in Claims.Where(claim => !AuthClaims.IsProfile(claim.Key)))
        {
            token[name] = value?.DeepClone();
        }

        token[AuthClaims.SessionId] = Id;
        token[AuthClaims.Version] = Version;
        token[AuthClaims.Provider] = Provider;
        token[AuthClaims.SignedInAt] = SignedInAt.ToUnixTimeSeconds();
        token[AuthClaims.WrittenAt] = IssuedAt.ToUnixTimeSeconds();
        if (Mark is { } mark)
        {
            token[AuthClaims.Store] = mark.ToString();
        }

        if (IsAdopted)
        {
            token[AdoptedClaim] = true;
        }

        if (IsTransient)
        {
            token[TransientClaim] = true;
        }

        if (AuthenticatedAt is { } authenticatedAt)
        {
            token[AuthClaims.AuthenticatedAt] = authenticatedAt.ToUnixTimeSeconds();
        }

        return token;
    }

    public SessionTicket With(DateTimeOffset issuedAt, DateTimeOffset expiresAt) => Copy(Claims, Version, Mark, issuedAt, expiresAt);

    /// <summary>The ticket as its row has it; its own times can only be shorter.</summary>
    public SessionTicket With(SessionRecord row, RowContent content) => new()
    {
        Claims = content.Claims, Version = row.Version, Id = row.Id, UserId = row.UserId, Provider = content.Provider, SignedInAt = row.CreatedAt,
        AuthenticatedAt = content.AuthenticatedAt, IssuedAt = IssuedAt, ExpiresAt = row.ExpiresAt < ExpiresAt ? row.ExpiresAt : ExpiresAt, Mark = Mark,
        IsAdopted = row.IsAdopted, IsTransient = content.IsTransient,
    };

    /// <summary>The ticket with the mark of the write that it comes from now.</summary>
    public SessionTicket From(StoreMark? mark) => Copy(Claims, Version, mark, IssuedAt, ExpiresAt);

    /// <summary>The ticket for the id that its user has here.</summary>
    public SessionTicket For(string userId) => userId == UserId ? this : new()
    {
        Claims = Claims, Version = Version, Id = Id, UserId = userId, Provider = Provider, SignedInAt = SignedInAt, AuthenticatedAt = AuthenticatedAt,
        IssuedAt = IssuedAt, ExpiresAt = ExpiresAt, Mark = Mark, IsAdopted = IsAdopted, IsTransient = IsTransient,
    };

    /// <summary>Whether this says more than another ticket of the session: newer claims, or the person signed in again.</summary>
    public bool IsNewerThan(SessionTicket other) => Version > other.Version
        || (Version == other.Version && (SignedInAt > other.SignedInAt || (AuthenticatedAt ?? default) > (other.AuthenticatedAt ?? default)));

    private SessionTicket Copy(JsonObject claims, int version, StoreMark? mark, DateTimeOffset issuedAt, DateTimeOffset expiresAt) => new()
    {
        Claims = claims, Version = version, Id = Id, UserId = UserId, Provider = Provider, SignedInAt = SignedInAt, AuthenticatedAt = AuthenticatedAt,
        IssuedAt = issuedAt, ExpiresAt = expiresAt, Mark = mark, IsAdopted = IsAdopted, IsTransient = IsTransient,
    };

    public static JsonObject WithoutReserved(JsonObject token)
    {
        var claims = new JsonObject();
        foreach (var (name, value) in token)
        {
            if (!AuthClaims.IsReserved(name))
            {
                claims[name] = JsonCopy.Of(value);
            }
        }

        return claims;
    }

    public static string? Text(JsonObject claims, string name) =>
        claims[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static double? Number(JsonObject claims, string name) =>
        claims[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? value.GetValue<double>() : null;

    // Anything later than the year 9000 is treated as that, because lifetimes are added to it.
    private static DateTimeOffset? Time(JsonObject claims, string name) =>
        Number(claims, name) is { } seconds and >= 0 ? DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(seconds, LatestTime)) : null;

    private Session CreateSession() => new()
    {
        Id = Id,
        User = UserOf(UserId, Claims),
        Provider = Provider,
        CreatedAt = SignedInAt,
        AuthenticatedAt = AuthenticatedAt,
        LastSeenAt = IssuedAt,
        ExpiresAt = ExpiresAt,
        Claims = AppClaims(Claims),
    };

    public static SessionUser UserOf(string userId, JsonObject claims) => new()
    {
        Id = userId,
        Name = Text(claims, AuthClaims.Name),
        Email = Text(claims, AuthClaims.Email),
        EmailVerified = claims[AuthClaims.EmailVerified] is JsonValue value && value.GetValueKind() == JsonValueKind.True,
        Image = Text(claims, AuthClaims.Picture),
    };

    public static IReadOnlyDictionary<string, JsonElement> AppClaims(JsonObject claims) => claims
        .Where(claim => !AuthClaims.IsProfile(claim.Key))
        .ToDictionary(claim => claim.Key, claim => JsonSerializer.SerializeToElement(claim.Value), StringComparer.Ordinal);
}
