using System.Text.Encodings.Web;
using System.Text.Json;

namespace BlazorAuth.Http;

/// <summary>How JSON is written: without blanks, and with only what JSON itself needs escaped. It is never written into HTML.</summary>
internal static class AuthJson
{
    public static JsonSerializerOptions Compact { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON for a person to read.</summary>
    public static JsonSerializerOptions Indented { get; } = new(Compact) { WriteIndented = true };
}
