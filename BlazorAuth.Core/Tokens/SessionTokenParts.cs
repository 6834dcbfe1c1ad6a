using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace BlazorAuth.Tokens;

/// <summary>A token taken apart, and all that can be said about it before a key is touched.</summary>
internal readonly ref struct SessionTokenParts
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public required SessionRefusal Refusal { get; init; }

    /// <summary>A256GCM; otherwise A256CBC-HS512.</summary>
    public bool IsGcm { get; init; }

    public bool HasKeyId { get; init; }

    /// <summary>Null also when the header has a <c>kid</c> that is not text, which no key can match.</summary>
    public string? KeyId { get; init; }

    /// <summary>The first segment as it stands: it is authenticated in this form.</summary>
    public ReadOnlySpan<char> Header { get; init; }

    public ReadOnlySpan<char> InitializationVector { get; init; }

    public ReadOnlySpan<char> Ciphertext { get; init; }

    public ReadOnlySpan<char> Tag { get; init; }

    public static SessionTokenParts Parse(ReadOnlySpan<char> token)
    {
        if (token.IsEmpty)
        {
            return new() { Refusal = SessionRefusal.Empty };
        }

        Span<Range> segments = stackalloc Range[6];
        if (token.ContainsAnyExcept(TokenCharacters) || token.Split(segments, '.') != 5)
        {
            return new() { Refusal = SessionRefusal.Malformed };
        }

        var header = token[segments[0]];
        var refusal = ReadHeader(header, out var isGcm, out var hasKeyId, out var keyId);
        var iv = token[segments[2]];
        var ciphertext = token[segments[3]];
        var tag = token[segments[4]];
        if (refusal == SessionRefusal.None && (!token[segments[1]].IsEmpty || !SizesFit(isGcm, iv, ciphertext, tag)))
        {
            refusal = SessionRefusal.Malformed;
        }

        return new()
        {
            Refusal = refusal,
            IsGcm = isGcm,
            HasKeyId = hasKeyId,
            KeyId = keyId,
            Header = header,
            InitializationVector = iv,
            Ciphertext = ciphertext,
            Tag = tag,
        };
    }

    private static SessionRefusal ReadHeader(ReadOnlySpan<char> segment, out bool isGcm, out bool hasKeyId, out string? keyId)
    {
        (isGcm, hasKeyId, keyId) = (false, false, null);
        try
        {
            var header = JsonElement.Parse(Base64Url.DecodeFromChars(segment), Strict);

            // The library would also open A128CBC-HS256 with this key, inflate what is marked as compressed, and ignore `crit`.
            isGcm = IsText(header, "enc"u8, "A256GCM"u8);
            if (!IsText(header, "alg"u8, "dir"u8)
                || !(isGcm || IsText(header, "enc"u8, "A256CBC-HS512"u8))
                || header.TryGetProperty("zip"u8, out _)
                || header.TryGetProperty("crit"u8, out _))
            {
                return SessionRefusal.UnknownAlgorithm;
            }

            hasKeyId = header.TryGetProperty("kid"u8, out var kid);
            keyId = hasKeyId && kid.ValueKind == JsonValueKind.String ? kid.GetString() : null;
            return SessionRefusal.None;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            // InvalidOperationException: not an object, or an escape for half a character, which the reader notices only when it is looked at.
            return SessionRefusal.Malformed;
        }
    }

    private static bool IsText(JsonElement header, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text) =>
        header.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(text);

    /// <summary>IV and tag have fixed sizes (16 and 32 bytes, or 12 and 16), and CBC text comes in whole blocks.</summary>
    private static bool SizesFit(bool isGcm, ReadOnlySpan<char> iv, ReadOnlySpan<char> ciphertext, ReadOnlySpan<char> tag) =>
        ciphertext.Length % 4 != 1 && (isGcm
            ? iv.Length == 16 && tag.Length == 22
            : iv.Length == 22 && tag.Length == 43 && !ciphertext.IsEmpty && ciphertext.Length * 3 / 4 % 16 == 0);
}
