using System.Security.Cryptography;
using System.Text;

namespace BlazorAuth.Sync;

/// <summary>
/// Encrypts Data Protection keys at rest: AES-256-GCM under keys derived from the auth secrets. The first secret encrypts, every one decrypts.
/// </summary>
internal sealed class ProtectionKeyCipher
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    // Format 1: nonce, tag, ciphertext. The text can never change once shipped: it tells this key from every other one made of the same secret.
    private static readonly byte[] Purpose = "BlazorAuth: Data Protection keys at rest, format 1"u8.ToArray();

    private readonly byte[][] _keys;

    public ProtectionKeyCipher(IReadOnlyList<string> secrets)
    {
        if (secrets.Count == 0)
        {
            throw new ArgumentException("At least one secret is needed.", nameof(secrets));
        }

        _keys = [.. secrets.Select(secret => HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, salt: null, Purpose))];
    }

    public string Encrypt(ReadOnlySpan<byte> plaintext)
    {
        var sealedBytes = new byte[NonceSize + TagSize + plaintext.Length];
        var nonce = sealedBytes.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_keys[0], TagSize);
        aes.Encrypt(nonce, plaintext, sealedBytes.AsSpan(NonceSize + TagSize), sealedBytes.AsSpan(NonceSize, TagSize));
        return Convert.ToBase64String(sealedBytes);
    }

    /// <summary>Returns <see langword="null"/> when no secret opens the text, or it is not one of ours.</summary>
    public byte[]? Decrypt(string text)
    {
        var sealedBytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, sealedBytes, out var length) || length < NonceSize + TagSize)
        {
            return null;
        }

        var plaintext = new byte[length - NonceSize - TagSize];
        foreach (var key in _keys)
        {
            try
            {
                using var aes = new AesGcm(key, TagSize);
                aes.Decrypt(
                    sealedBytes.AsSpan(0, NonceSize), sealedBytes.AsSpan(NonceSize + TagSize, plaintext.Length), sealedBytes.AsSpan(NonceSize, TagSize), plaintext);
                return plaintext;
            }
            catch (AuthenticationTagMismatchException)
            {
                // Written under another secret: the next one may open it.
            }
        }

        return null;
    }
}
