using BlazorAuth.Tokens;

namespace BlazorAuth.Sync;

/// <summary>Encrypts Data Protection keys at rest, as base64.</summary>
internal sealed class ProtectionKeyCipher(IReadOnlyList<string> secrets)
{
    // Can never change once shipped: it tells this key from every other one made of the same secret.
    private readonly SecretCipher _cipher = new(secrets, "BlazorAuth: Data Protection keys at rest, format 1"u8);

    public string Encrypt(ReadOnlySpan<byte> plaintext) => Convert.ToBase64String(_cipher.Seal(plaintext));

    /// <summary>Returns <see langword="null"/> when no secret opens the text, or it is not one of ours.</summary>
    public byte[]? Decrypt(string text)
    {
        var value = new byte[text.Length];
        return Convert.TryFromBase64String(text, value, out var length) ? _cipher.Open(value.AsSpan(0, length), [], out _) : null;
    }
}
