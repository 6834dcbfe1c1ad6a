using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace BlazorAuth;

/// <summary>The body of a POST: a form or a JSON object. Anything else counts as no body (<c>contract/endpoints.md</c> §3).</summary>
internal sealed class AuthBody
{
    /// <summary>The longest body that is read, in bytes.</summary>
    public const int MaxLength = 256 * 1024;

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
        if (!HttpMethods.IsPost(request.Method) || request.ContentType is not { } type)
        {
            return None;
        }

        if (type.Contains("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            return new AuthBody(await request.ReadFormAsync(new FormOptions { BufferBodyLengthLimit = MaxLength }, request.HttpContext.RequestAborted), null);
        }

        if (type.Contains("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return new AuthBody(null, await ReadJsonAsync(request));
        }

        return None;
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
                .ToDictionary(member => member.Name, member => new StringValues(member.Value.GetString()), StringComparer.Ordinal)
            : []);

    private static async Task<JsonElement> ReadJsonAsync(HttpRequest request)
    {
        using var limited = new MemoryStream();
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

        using var document = JsonDocument.Parse(limited.GetBuffer().AsMemory(0, (int)limited.Length));
        return document.RootElement.Clone();
    }
}
