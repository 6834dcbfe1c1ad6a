using System.Text.Json;

namespace BlazorAuth.Tests.Sessions;

internal static class TokenReadings
{
    /// <summary>A claim that is a text; null when the token was refused, or the claim is missing or anything else.</summary>
    public static string? Text(this SessionTokenReading reading, string claim) =>
        reading.Succeeded && reading.Claims.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A claim that is a time in seconds.</summary>
    public static DateTimeOffset Time(this SessionTokenReading reading, string claim) =>
        DateTimeOffset.FromUnixTimeSeconds(reading.Claims.GetProperty(claim).GetInt64());
}
