using System.Text.Json;

namespace BlazorAuth;

/// <summary>A person's session, as components, endpoints and callbacks get it. It never contains the token.</summary>
public sealed class Session
{
    /// <summary>The session's ID. It identifies the session but grants nothing, so it may be logged.</summary>
    public required string Id { get; init; }

    /// <summary>Who is signed in.</summary>
    public required SessionUser User { get; init; }

    /// <summary>The ID of the provider that signed the person in, such as <c>github</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>When the person signed in.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// When the person last authenticated: at the provider, according to the provider, or with credentials. <see langword="null"/> if unknown.
    /// <see cref="SessionManager.IsFresh"/> uses it.
    /// </summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>When the session was last seen: when its token was issued, or as stored, to the minute.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>When the session ends unless it is renewed.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The browser and operating system, such as <c>Firefox on Windows</c>. Only known for sessions listed by <see cref="SessionManager"/>.</summary>
    public string? Device { get; init; }

    /// <summary>Whether this is the current session. Only set by <see cref="SessionManager.ListAsync(Session, CancellationToken)"/>.</summary>
    public bool IsCurrent { get; init; }

    /// <summary>The app's own claims, as its token callback set them.</summary>
    public IReadOnlyDictionary<string, JsonElement> Claims { get; init; } = EmptyClaims;

    private static readonly Dictionary<string, JsonElement> EmptyClaims = [];
}

/// <summary>A person, as the provider described them.</summary>
public sealed record SessionUser
{
    /// <summary>The user's ID in this app, no matter how they signed in, and the <c>sub</c> claim of the token.</summary>
    public required string Id { get; init; }

    /// <summary>The person's name, if the provider sent it.</summary>
    public string? Name { get; init; }

    /// <summary>The person's e-mail address, if the provider sent it and did not mark it as unverified.</summary>
    public string? Email { get; init; }

    /// <summary>Whether the provider says that the address is verified.</summary>
    public bool EmailVerified { get; init; }

    /// <summary>The address of the person's picture, if the provider sent it.</summary>
    public string? Image { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{nameof(SessionUser)} {{ Id = {Id} }}";
}
