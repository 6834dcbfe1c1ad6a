using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.Sessions;

/// <summary>A256CBC-HS512 by the letter of RFC 7518, 5.2, with any header and any content: to forge tokens, and to open ours without the code under test.</summary>
internal static class SealedToken
{
    public static string Seal(byte[] key, string header, string content, byte[]? iv = null)
    {
        var aad = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header));
        iv ??= RandomNumberGenerator.GetBytes(16);
        using var aes = Aes.Create();
        aes.Key = key[32..];
        var ciphertext = aes.EncryptCbc(Encoding.UTF8.GetBytes(content), iv);
        return string.Join('.', aad, "", Base64Url.EncodeToString(iv), Base64Url.EncodeToString(ciphertext), Base64Url.EncodeToString(Tag(key, aad, iv, ciphertext)));
    }

    public static (JsonObject Header, string Content) Open(byte[] key, string token)
    {
        var segments = token.Split('.');
        Assert.Equal(5, segments.Length);
        Assert.Equal("", segments[1]);
        var (iv, ciphertext) = (Base64Url.DecodeFromChars(segments[2]), Base64Url.DecodeFromChars(segments[3]));
        Assert.Equal(Tag(key, segments[0], iv, ciphertext), Base64Url.DecodeFromChars(segments[4]));
        using var aes = Aes.Create();
        aes.Key = key[32..];
        return (
            JsonNode.Parse(Base64Url.DecodeFromChars(segments[0]))!.AsObject(),
            Encoding.UTF8.GetString(aes.DecryptCbc(ciphertext, iv)));
    }

    private static byte[] Tag(byte[] key, string aad, byte[] iv, byte[] ciphertext)
    {
        var bits = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bits, aad.Length * 8L);
        byte[] authenticated = [.. Encoding.ASCII.GetBytes(aad), .. iv, .. ciphertext, .. bits];
        return HMACSHA512.HashData(key[..32], authenticated)[..32];
    }
}
