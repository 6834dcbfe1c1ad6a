using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace BlazorAuth.Http;

/// <summary>The body of a POST: a form or a JSON object. Anything else counts as no body (<c>docs/contract/endpoints.md</c> §3).</summary>
internal sealed class AuthBody
{
    /// <summary>The longest body that is read, in bytes.</summary>
    public const int MaxLength = 256 * 1024;

    // An app may put what it gets a few levels deeper, and what a session grants is read with the platform's limit of 64.
    private static readonly JsonDocumentOptions Shallow = new() { MaxDepth = 32 };

    private readonly IFormCollection? _form;
    private readonly JsonElement? _json;

    private AuthBody(IFormCollection? form, JsonElement? json)
    {
        _form = form;
        _json = json;
    }

    public static AuthBody None { get; } = new(null, null);

    public bool IsJson => _json is not null;

    /// <summary>Reads the body. Throws <see cref="BadHttpRequestException"/> when it is too long, <see cref="JsonException"/> or <see cref="InvalidDataException"/> when it is malformed.</summary>
    public static async ValueTask<AuthBody> ReadAsync(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method) || !MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            return None;
        }

        if (type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            return new AuthBody(request.Form = await ReadFormAsync(request), null);
        }

        return type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) ? Parse(await ReadLimitedAsync(request)) : None;
    }

    /// <summary>A text field; of a repeated one the last. Null when it is missing or no text.</summary>
    public string? Field(string name)
    {
        if (_form is not null)
        {
            return _form.TryGetValue(name, out var values) && values.Count > 0 ? values[^1] : null;
        }

        return Member(name) is { ValueKind: JsonValueKind.String } member ? member.GetString() : null;
    }

    /// <summary>A member of a JSON body; null when it is missing.</summary>
    public JsonElement? Member(string name) =>
        _json is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty(name, out var member) ? member : null;

    /// <summary>All text fields, of a form or of a JSON body.</summary>
    public IFormCollection Fields() => _form ?? new FormCollection(
        _json is { ValueKind: JsonValueKind.Object } json
            ? json.EnumerateObject()
                .Where(member => member.Value.ValueKind == JsonValueKind.String)
                .GroupBy(member => member.Name, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(members => members.Key, members => new StringValues(members.Last().Value.GetString()), StringComparer.OrdinalIgnoreCase)
            : []);

    // In UTF-8, regardless of the content type: browsers send nothing else, and the platform's reader throws on some charsets. Remote handlers that read the
    // form again get the result of this read.
    private static async Task<FormCollection> ReadFormAsync(HttpRequest request)
    {
        using var reader = new FormReader(await ReadLimitedAsync(request), Encoding.UTF8) { ValueLengthLimit = MaxLength };
        return new FormCollection(await reader.ReadFormAsync(request.HttpContext.RequestAborted));
    }

    private static async Task<MemoryStream> ReadLimitedAsync(HttpRequest request)
    {
        var limited = new MemoryStream();
        var buffer = new byte[4096];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            if (limited.Length + read > MaxLength)
            {
                throw new BadHttpRequestException("The body is too long.", StatusCodes.Status413PayloadTooLarge);
            }

            limited.Write(buffer, 0, read);
        }

        limited.Position = 0;
        return limited;
    }

    // A script that sets a content type but sends no body has sent nothing.
    private static AuthBody Parse(MemoryStream body)
    {
        var text = Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length).TrimStart('\uFEFF');
        if (string.IsNullOrWhiteSpace(text))
        {
            return None;
        }

        using var document = JsonDocument.Parse(LoneSurrogates.Replace(text), Shallow);
        return JsonNumbers.AreUsual(document.RootElement)
            ? new AuthBody(null, JsonSerializer.SerializeToElement(JsonCopy.Of(document.RootElement)))
            : throw new JsonException("The body contains a number that no script can have written.");
    }
}
