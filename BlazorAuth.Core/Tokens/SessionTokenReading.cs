using System.Text.Json;
using BlazorAuth.Http;

namespace BlazorAuth.Tokens;

/// <summary>Why a session cookie is not accepted: for the log, never for the browser.</summary>
internal enum SessionRefusal
{
    None,

    /// <summary>There is no text: cookie chunks that do not make up a token.</summary>
    Empty,

    /// <summary>Not five segments of base64url of the right sizes under a JSON header.</summary>
    Malformed,

    /// <summary>An <c>alg</c> or <c>enc</c> that is not on the list, or a <c>zip</c> or <c>crit</c>.</summary>
    UnknownAlgorithm,

    /// <summary>Its <c>kid</c> belongs to none of the secrets: foreign, or rotated out.</summary>
    UnknownKey,

    /// <summary>Changed on the way, or written under another secret or cookie name.</summary>
    Undecryptable,

    /// <summary>Well encrypted, but not a JSON object, or with a time that is not a number.</summary>
    MalformedClaims,

    NoExpiry,

    Expired,

    NotYetValid,

    /// <summary>Signed out, or revoked otherwise.</summary>
    Revoked,

    /// <summary>The store does not know the session.</summary>
    Unknown,

    /// <summary>From a time that the store has lost, so that revocations from then are unknown; or from before a restore.</summary>
    BeforeLoss,

    /// <summary>The store cannot be asked, and memory does not know.</summary>
    Unchecked,

    /// <summary>The session's row cannot be decrypted: it was sealed with another secret, or modified.</summary>
    Unsealed,

    /// <summary>Without a BlazorAuth session ID: minted by an Auth.js that shares the secret.</summary>
    NotOurs,

    /// <summary>Minted by an Auth.js before a session that was made of such tokens was signed out: perhaps a copy.</summary>
    LeftBehind,

    /// <summary>Minted by an Auth.js, or by whoever has one of the older secrets, and not known here.</summary>
    OldSecret,

    /// <summary>The user is banned or deleted, or the app said no.</summary>
    Denied,
}

/// <summary>
/// What came of reading a token: its claims, or why it was refused. The claims stay in the form they were parsed into.
/// </summary>
internal sealed class SessionTokenReading
{
    /// <summary>Clocks of two servers may differ by this much.</summary>
    private const int ToleranceInSeconds = 15;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private SessionTokenReading(SessionRefusal refusal) => Refusal = refusal;

    private SessionTokenReading(JsonElement claims, bool isOfFirstSecret, bool isCurrent)
    {
        Claims = claims;
        IsOfFirstSecret = isOfFirstSecret;
        IsCurrent = isCurrent;
    }

    public SessionRefusal Refusal { get; }

    /// <summary>Whether the claims may be used; while false there are none.</summary>
    public bool Succeeded => Refusal == SessionRefusal.None;

    /// <summary>Whether the first secret encrypted the token, in whatever format. An older one may have leaked.</summary>
    public bool IsOfFirstSecret { get; }

    /// <summary>Whether the token is in the current format and encrypted with the first secret; otherwise it should be reissued.</summary>
    public bool IsCurrent { get; }

    /// <summary>All claims, those of other writers included. <c>JsonObject.Create(Claims)</c> makes a copy that can be changed and written again.</summary>
    public JsonElement Claims { get; }

    public static SessionTokenReading Refused(SessionRefusal refusal) => new(refusal);

    /// <summary>Judges decrypted claims: a JSON object whose times are numbers and say that it is valid now.</summary>
    public static SessionTokenReading Of(string json, DateTimeOffset now, bool isOfFirstSecret, bool isCurrent)
    {
        JsonElement claims;
        try
        {
            claims = JsonElement.Parse(LoneSurrogates.Replace(json), Strict);
        }
        catch (JsonException)
        {
            return new(SessionRefusal.MalformedClaims);
        }

        if (claims.ValueKind != JsonValueKind.Object
            || !TryGetTime(claims, "exp"u8, out var expires)
            || !TryGetTime(claims, "nbf"u8, out var notBefore)
            || !TryGetTime(claims, "iat"u8, out _))
        {
            return new(SessionRefusal.MalformedClaims);
        }

        var seconds = now.ToUnixTimeSeconds();
        return expires is null ? new(SessionRefusal.NoExpiry)
            : expires <= seconds - ToleranceInSeconds ? new(SessionRefusal.Expired)
            : notBefore > seconds + ToleranceInSeconds ? new(SessionRefusal.NotYetValid)
            : new(claims, isOfFirstSecret, isCurrent);
    }

    private static bool TryGetTime(JsonElement claims, ReadOnlySpan<byte> name, out double? seconds)
    {
        seconds = null;
        if (!claims.TryGetProperty(name, out var value))
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            return false;
        }

        seconds = number;
        return true;
    }
}
