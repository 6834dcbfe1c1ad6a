using BlazorAuth.Tokens;

namespace BlazorAuth.Sync;

/// <summary>Encrypts Data Protection keys at rest, as base64.</summary>
internal sealed class ProtectionKeyCipher(IReadOnlyList<string> secrets)
{
    // Can never change once shipped: it distinguishes this key from all others derived from the same secret.
    private readonly SecretCipher _cipher = new(secrets, "BlazorAuth: Data Protection keys at rest, format 1"u8);

    public string Encrypt(ReadOnlySpan<byte> plaintext) => Convert.ToBase64String(_cipher.Seal(plaintext));

    /// <summary>Returns <see langword="null"/> if no secret opens the text, or BlazorAuth did not write it.</summary>
    public byte[]? Decrypt(string text) => Decrypt(text, out _);

    /// <summary>The same, and whether the secret that writes opened it.</summary>
    public byte[]? Decrypt(string text, out bool isFirst)
    {
        var value = new byte[text.Length];
        isFirst = false;
        return Convert.TryFromBase64String(text, value, out var length) ? _cipher.Open(value.AsSpan(0, length), [], out isFirst) : null;
    }
}
