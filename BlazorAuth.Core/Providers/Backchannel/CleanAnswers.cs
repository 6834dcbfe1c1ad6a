using System.Net.Http.Headers;
using System.Text;
using BlazorAuth.Http;

namespace BlazorAuth.Providers.Backchannel;

/// <summary>
/// Makes the answers of a provider readable, whatever handler reads them: names of character sets that nobody registered, byte order marks, half
/// surrogate pairs, JSON that does not say that it is. An answer without end is cut off.
/// </summary>
internal sealed class CleanAnswers(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>The longest answer that is read, in bytes.</summary>
    public const int MaxLength = 1024 * 1024;

    private const string Json = "application/json";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (IsText(response.Content.Headers.ContentType))
        {
            response.Content = Clean(response.Content, await ReadAsync(response.Content, cancellationToken));
        }

        return response;
    }

    // An app may fetch a picture with the same client, so only text is inspected.
    private static bool IsText(MediaTypeHeaderValue? type) => type?.MediaType is not { } media
        || media.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
        || media.EndsWith("json", StringComparison.OrdinalIgnoreCase)
        || media.EndsWith("jwt", StringComparison.OrdinalIgnoreCase)
        || media.EndsWith("x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var read = new MemoryStream();
        var buffer = new byte[8192];
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (read.Length + count > MaxLength)
            {
                throw new ProviderAnswerException($"A response from the provider is longer than {MaxLength} bytes.");
            }

            read.Write(buffer, 0, count);
        }

        return read.ToArray();
    }

    private static ByteArrayContent Clean(HttpContent content, byte[] bytes)
    {
        var type = content.Headers.ContentType;
        var text = EncodingOf(type?.CharSet).GetString(bytes).TrimStart('\uFEFF');
        var media = type?.MediaType;
        media ??= "text/plain";
        if (media is "text/plain" or "text/json" && text.AsSpan().TrimStart() is ['{' or '[', ..])
        {
            media = Json;
        }

        if (media.EndsWith("json", StringComparison.OrdinalIgnoreCase))
        {
            text = LoneSurrogates.Replace(text);
        }

        var clean = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        foreach (var (name, values) in content.Headers.Where(header => header.Key is not ("Content-Type" or "Content-Length" or "Content-Encoding")))
        {
            clean.Headers.TryAddWithoutValidation(name, values);
        }

        clean.Headers.ContentType = new MediaTypeHeaderValue(media, "utf-8");
        return clean;
    }

    private static Encoding EncodingOf(string? name)
    {
        name = name?.Trim().Trim('"', '\'');
        try
        {
            return string.IsNullOrEmpty(name) || name.StartsWith("utf8", StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8 : Encoding.GetEncoding(name);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return Encoding.UTF8;
        }
    }
}
