using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Caching.Memory;

namespace BlazorAuth;

/// <summary>
/// What we write into the state of a sign-in to explain later how it failed: an id and the start. Nothing is decided by it; the handlers' state,
/// correlation cookie and PKCE do that.
/// </summary>
internal sealed class SignInFlow(TimeProvider clock) : IDisposable
{
    private const string IdKey = "blazorauth.flow";
    private const string StartKey = "blazorauth.start";
    private const string PersonKey = "blazorauth.person";
    private const int MostRemembered = 100_000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private readonly MemoryCache _used = new(new MemoryCacheOptions { SizeLimit = MostRemembered });

    public AuthenticationProperties Start(ReturnUrl returnUrl)
    {
        var properties = new AuthenticationProperties { RedirectUri = returnUrl.Text };
        properties.Items[IdKey] = Guid.NewGuid().ToString("N");
        properties.Items[StartKey] = clock.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        return properties;
    }

    /// <summary>Takes note that this sign-in is to show that a signed-in person is still the same.</summary>
    public static void ExpectPerson(AuthenticationProperties properties, string userId) => properties.Items[PersonKey] = userId;

    /// <summary>
    /// Why the person who came back does not show what they were asked to show; null when they do, or when it was an ordinary sign-in.
    /// <paramref name="authTime"/>: when the provider asked them last, where it says so.
    /// </summary>
    public static AuthErrorReason? WhyNotFresh(AuthenticationProperties? properties, string userId, long? authTime)
    {
        if (properties is null || !properties.Items.TryGetValue(PersonKey, out var expected))
        {
            return null;
        }

        return expected != userId ? AuthErrorReason.OtherPerson
            : authTime is { } asked && Started(properties) is { } start && DateTimeOffset.FromUnixTimeSeconds(asked) < start - ClockSkew
                ? AuthErrorReason.NotAskedAgain
                : null;
    }

    /// <summary>Takes note that a sign-in was completed: a second answer to it is Back, or a replay.</summary>
    public void Complete(AuthenticationProperties? properties)
    {
        if (Id(properties) is { } id)
        {
            _used.Set(id, true, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Lifetime * 4 });
        }
    }

    /// <summary>Why the cookie of a sign-in was not there.</summary>
    public AuthErrorReason WhyCookieIsMissing(AuthenticationProperties? properties)
    {
        if (Id(properties) is { } id && _used.TryGetValue(id, out _))
        {
            return AuthErrorReason.AlreadyUsed;
        }

        return Started(properties) is { } start && start + Lifetime <= clock.GetUtcNow()
                ? AuthErrorReason.Expired
                : AuthErrorReason.CookieLost;
    }

    public void Dispose() => _used.Dispose();

    private static DateTimeOffset? Started(AuthenticationProperties? properties) =>
        properties is not null && properties.Items.TryGetValue(StartKey, out var text) && long.TryParse(text, out var start)
            ? DateTimeOffset.FromUnixTimeSeconds(start)
            : null;

    private static string? Id(AuthenticationProperties? properties) =>
        properties is not null && properties.Items.TryGetValue(IdKey, out var id) ? id : null;
}
