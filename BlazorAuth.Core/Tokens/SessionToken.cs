using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Tokens;

/// <summary>
/// The session token of Auth.js 5: claims encrypted under a key derived from the secret and the cookie's name (the salt). Writes
/// A256CBC-HS512 with a key id; also reads the A256GCM of older versions. No I/O, safe for concurrent use.
/// </summary>
internal sealed class SessionToken(SessionKeyRing keys)
{
    // Relaxed escaping: the payload is never seen by HTML, and escaped text is up to six times longer.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonWebTokenHandler _handler = new();

    /// <summary>Writes the claims as they are, with new <c>iat</c>, <c>exp</c> and <c>jti</c>. The claims object is not changed.</summary>
    public string Write(JsonObject claims, string salt, DateTimeOffset issuedAt, DateTimeOffset expiresAt)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            foreach (var (name, value) in claims)
            {
                if (name is "iat" or "exp" or "jti")
                {
                    continue;
                }

                json.WritePropertyName(name);
                if (value is null)
                {
                    json.WriteNullValue();
                }
                else
                {
                    value.WriteTo(json);
                }
            }

            json.WriteNumber("iat"u8, issuedAt.ToUnixTimeSeconds());
            json.WriteNumber("exp"u8, expiresAt.ToUnixTimeSeconds());
            json.WriteString("jti"u8, Guid.NewGuid());
            json.WriteEndObject();
        }

        return _handler.EncryptToken(Encoding.UTF8.GetString(buffer.WrittenSpan), keys.For(salt)[0].Encryption);
    }

    /// <summary>Reads a token that was written under this salt: the cookie's name without a chunk suffix.</summary>
    public SessionTokenReading Read(string token, string salt, DateTimeOffset now)
    {
        var parts = SessionTokenParts.Parse(token);
        if (parts.Refusal != SessionRefusal.None)
        {
            return SessionTokenReading.Refused(parts.Refusal);
        }

        var candidates = keys.For(salt);
        var known = !parts.HasKeyId;
        for (var i = 0; i < candidates.Length; i++)
        {
            var key = candidates[i];
            if (parts.HasKeyId && parts.KeyId != (parts.IsGcm ? key.GcmId : key.CbcId))
            {
                continue;
            }

            known = true;
            if ((parts.IsGcm ? DecryptGcm(parts, key) : DecryptCbc(token, key)) is { } json)
            {
                return SessionTokenReading.Of(json, now, isOfFirstSecret: i == 0, isCurrent: i == 0 && !parts.IsGcm);
            }
        }

        return SessionTokenReading.Refused(known ? SessionRefusal.Undecryptable : SessionRefusal.UnknownKey);
    }

    /// <summary>Reads a token of next-auth 4, whose session tokens have an empty salt. It has no key ids, so every secret is tried.</summary>
    public SessionTokenReading ReadV4(string token, DateTimeOffset now, string salt = "")
    {
        var parts = SessionTokenParts.Parse(token);
        if (parts.Refusal != SessionRefusal.None || !parts.IsGcm)
        {
            return SessionTokenReading.Refused(parts.Refusal != SessionRefusal.None ? parts.Refusal : SessionRefusal.UnknownAlgorithm);
        }

        var candidates = keys.ForV4(salt);
        for (var i = 0; i < candidates.Length; i++)
        {
            if (DecryptGcm(parts, candidates[i]) is { } json)
            {
                return SessionTokenReading.Of(json, now, isOfFirstSecret: i == 0, isCurrent: false);
            }
        }

        return SessionTokenReading.Refused(SessionRefusal.Undecryptable);
    }

    private string? DecryptCbc(string token, SessionKey key)
    {
        try
        {
            return _handler.DecryptToken(new JsonWebToken(token), key.Decryption);
        }
        catch (Exception exception) when (exception is SecurityTokenException or ArgumentException)
        {
            // ArgumentException: a header that the library refuses to parse, such as one with a number for `typ`.
            return null;
        }
    }

    /// <summary>The library has no direct encryption with A256GCM.</summary>
    private static string? DecryptGcm(SessionTokenParts parts, SessionKey key)
    {
        // Not kept with the key: an instance must not be used by two threads at once.
        using var gcm = new AesGcm(key.Gcm, tagSizeInBytes: 16);
        try
        {
            var ciphertext = Base64Url.DecodeFromChars(parts.Ciphertext);
            var plaintext = new byte[ciphertext.Length];
            gcm.Decrypt(
                Base64Url.DecodeFromChars(parts.InitializationVector),
                ciphertext,
                Base64Url.DecodeFromChars(parts.Tag),
                plaintext,
                Encoding.ASCII.GetBytes(parts.Header.ToArray()));
            return Encoding.UTF8.GetString(plaintext);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
