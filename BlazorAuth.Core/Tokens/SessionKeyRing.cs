using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Tokens;

/// <summary>The keys that follow from the secrets: derived once per salt, then kept. The first secret writes, all read.</summary>
internal sealed class SessionKeyRing
{
    private readonly byte[][] _secrets;
    private readonly ConcurrentDictionary<string, SessionKey[]> _bySalt = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SessionKey[]> _bySaltV4 = new(StringComparer.Ordinal);

    public SessionKeyRing(IEnumerable<string> secrets)
    {
        _secrets = [.. secrets.Select(Encoding.UTF8.GetBytes)];
        if (_secrets.Length == 0 || _secrets.Any(secret => secret.Length == 0))
        {
            throw new ArgumentException("At least one secret is needed, and none may be empty.", nameof(secrets));
        }
    }

    /// <summary>The keys of the current format, in the order of the secrets. The salt is a fixed name, never one from a request.</summary>
    public SessionKey[] For(string salt) => Get(_bySalt, salt, "Auth.js Generated Encryption Key (" + salt + ")");

    /// <summary>The keys of next-auth 4, whose session tokens have an empty salt.</summary>
    public SessionKey[] ForV4(string salt = "") => Get(
        _bySaltV4,
        salt,
        salt.Length == 0 ? "NextAuth.js Generated Encryption Key" : "NextAuth.js Generated Encryption Key (" + salt + ")");

    private SessionKey[] Get(ConcurrentDictionary<string, SessionKey[]> cache, string salt, string info) =>
        cache.TryGetValue(salt, out var keys)
            ? keys
            : cache.GetOrAdd(salt, [.. _secrets.Select(secret => new SessionKey(secret, Encoding.UTF8.GetBytes(salt), Encoding.UTF8.GetBytes(info)))]);
}

/// <summary>What one secret yields for one salt.</summary>
internal sealed class SessionKey
{
    private readonly Lazy<(byte[] Key, string Id)> _gcm;

    public SessionKey(byte[] secret, byte[] salt, byte[] info)
    {
        Cbc = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 64, salt, info);
        CbcId = Thumbprint(Cbc, SHA512.HashData);
        var key = new SymmetricSecurityKey(Cbc) { KeyId = CbcId };
        Encryption = new EncryptingCredentials(key, JwtConstants.DirectKeyUseAlg, SecurityAlgorithms.Aes256CbcHmacSha512);
        Decryption = new TokenValidationParameters { TokenDecryptionKey = key };
        _gcm = new(() =>
        {
            var gcm = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, salt, info);
            return (gcm, Thumbprint(gcm, SHA256.HashData));
        });
    }

    /// <summary>64 bytes for A256CBC-HS512: MAC key, then AES key.</summary>
    public byte[] Cbc { get; }

    public string CbcId { get; }

    public EncryptingCredentials Encryption { get; }

    public TokenValidationParameters Decryption { get; }

    /// <summary>32 bytes for A256GCM, which is only read.</summary>
    public byte[] Gcm => _gcm.Value.Key;

    public string GcmId => _gcm.Value.Id;

    /// <summary>The JWK thumbprint (RFC 7638) of a symmetric key.</summary>
    private static string Thumbprint(byte[] key, Func<byte[], byte[]> hash) =>
        Base64Url.EncodeToString(hash(Encoding.UTF8.GetBytes("{\"k\":\"" + Base64Url.EncodeToString(key) + "\",\"kty\":\"oct\"}")));
}
