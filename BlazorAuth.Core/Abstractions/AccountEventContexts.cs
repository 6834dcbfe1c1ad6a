namespace BlazorAuth;

/// <summary>A user was created.</summary>
public sealed class UserCreatedContext
{
    /// <summary>The user.</summary>
    public required UserRecord User { get; init; }

    /// <summary>The account they signed in with.</summary>
    public required AccountRecord Account { get; init; }

    /// <summary>The services of the request.</summary>
    public required IServiceProvider Services { get; init; }
}

/// <summary>A user got or lost a way to sign in.</summary>
public sealed class AccountChangedContext
{
    /// <summary>The account.</summary>
    public required AccountRecord Account { get; init; }

    /// <summary>Services from a scope that lasts for the duration of the event.</summary>
    public required IServiceProvider Services { get; init; }
}

/// <summary>A user was banned.</summary>
public sealed class UserBannedContext
{
    /// <summary>The user's ID.</summary>
    public required string UserId { get; init; }

    /// <summary>When the ban ends.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>The reason that the administrator gave.</summary>
    public string? Reason { get; init; }

    /// <summary>Services from a scope that lasts for the duration of the event.</summary>
    public required IServiceProvider Services { get; init; }
}

/// <summary>A user was deleted.</summary>
public sealed class UserDeletedContext
{
    /// <summary>The user's former ID. Delete what the app keeps about it.</summary>
    public required string UserId { get; init; }

    /// <summary>Services from a scope that lasts for the duration of the event.</summary>
    public required IServiceProvider Services { get; init; }
}
