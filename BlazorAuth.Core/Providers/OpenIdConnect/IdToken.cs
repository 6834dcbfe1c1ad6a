using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using BlazorAuth.Http;

namespace BlazorAuth.Providers.OpenIdConnect;

/// <summary>An id token as it arrived: what its header says, and whether it is signed at all. Nothing in it has been verified yet.</summary>
internal sealed record IdToken(string Text, string Algorithm, string KeyId, string SignedPart, byte[] Signature)
{
    /// <summary>The token; null when the text is none.</summary>
    public static IdToken? Read(string? text)
    {
        if (text?.Split('.') is not [var header, _, var signature] || Decode(header) is not { } json || DecodeBytes(signature) is not { } bytes)
        {
            return null;
        }

        try
        {
            using var parsed = JsonDocument.Parse(json);
            return parsed.RootElement.ValueKind == JsonValueKind.Object
                ? new IdToken(text, Member(parsed.RootElement, "alg"), Member(parsed.RootElement, "kid"), text[..text.LastIndexOf('.')], bytes)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public bool IsSigned => Signature.Length > 0 && Algorithm.Length > 0 && !Algorithm.Equals("none", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The same token with whole characters where its claims hold half a surrogate pair, at which the platform's reader throws; null when it needs none.
    /// Its signature no longer matches: readers check the original's.
    /// </summary>
    public string? WithWholeCharacters()
    {
        var parts = Text.Split('.');
        if (DecodeBytes(parts[1]) is not { } payload)
        {
            return null;
        }

        var clean = Encoding.UTF8.GetBytes(LoneSurrogates.Replace(Encoding.UTF8.GetString(payload)));
        return clean.AsSpan().SequenceEqual(payload) ? null : $"{parts[0]}.{Base64Url.EncodeToString(clean)}.{parts[2]}";
    }

    private static string Member(JsonElement header, string name)
    {
        try
        {
            return header.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    private static string? Decode(string part) => DecodeBytes(part) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private static byte[]? DecodeBytes(string part)
    {
        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
