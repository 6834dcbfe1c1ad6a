using System.Security.Cryptography;
using System.Text;

namespace BlazorAuth.Tokens;

/// <summary>
/// AES-256-GCM under keys that are derived from the auth secrets for one purpose. The first secret seals, every one opens. A sealed value is nonce, tag,
/// ciphertext.
/// </summary>
internal sealed class SecretCipher
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[][] _keys;

    /// <param name="secrets">The secrets, the first of which seals.</param>
    /// <param name="purpose">Tells these keys from all others that are made of the same secrets.</param>
    public SecretCipher(IReadOnlyList<string> secrets, ReadOnlySpan<byte> purpose)
    {
        if (secrets.Count == 0)
        {
            throw new ArgumentException("At least one secret is needed.", nameof(secrets));
        }

        var info = purpose.ToArray();
        _keys = [.. secrets.Select(secret => HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, salt: null, info))];
    }

    /// <param name="plaintext">What is sealed.</param>
    /// <param name="bound">What the value belongs to: it opens with the same only.</param>
    public byte[] Seal(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> bound = default)
    {
        var value = new byte[NonceSize + TagSize + plaintext.Length];
        var nonce = value.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_keys[0], TagSize);
        aes.Encrypt(nonce, plaintext, value.AsSpan(NonceSize + TagSize), value.AsSpan(NonceSize, TagSize), bound);
        return value;
    }

    /// <summary>Returns <see langword="null"/> when no secret opens the value.</summary>
    /// <param name="value">What was sealed.</param>
    /// <param name="bound">What the value belongs to.</param>
    /// <param name="isFirst">Whether the first secret opened it.</param>
    public byte[]? Open(ReadOnlySpan<byte> value, ReadOnlySpan<byte> bound, out bool isFirst)
    {
        isFirst = true;
        if (value.Length < NonceSize + TagSize)
        {
            return null;
        }

        var plaintext = new byte[value.Length - NonceSize - TagSize];
        foreach (var key in _keys)
        {
            try
            {
                using var aes = new AesGcm(key, TagSize);
                aes.Decrypt(value[..NonceSize], value[(NonceSize + TagSize)..], value.Slice(NonceSize, TagSize), plaintext, bound);
                return plaintext;
            }
            catch (AuthenticationTagMismatchException)
            {
                // Sealed with a different secret: the next one may open it.
                isFirst = false;
            }
        }

        return null;
    }
}
