using System.Globalization;

namespace BlazorAuth.Sessions;

/// <summary>The <c>auth_time</c> claim: when a provider, or the app itself, last asked the person who they are (OpenID Connect Core §2).</summary>
internal static class AuthTime
{
    /// <summary>How far a provider's clock may be off.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>The time that a claim names, at most now; null when it names none, or a time to come.</summary>
    public static DateTimeOffset? Read(string? seconds, DateTimeOffset now)
    {
        if (!long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > (now + ClockSkew).ToUnixTimeSeconds())
        {
            return null;
        }

        var time = DateTimeOffset.FromUnixTimeSeconds(number);
        return time < now ? time : now;
    }
}
