namespace BlazorAuth;

/// <summary>A user of another library, for <see cref="AccountImport"/>.</summary>
public sealed record ImportedUser
{
    /// <summary>The ID that the app's tables reference. It is kept.</summary>
    public required string Id { get; init; }

    /// <summary>The name, if known.</summary>
    public string? Name { get; init; }

    /// <summary>The e-mail address, if known.</summary>
    public string? Email { get; init; }

    /// <summary>When the address was verified; <see langword="null"/> when it was not.</summary>
    public DateTimeOffset? EmailVerifiedAt { get; init; }

    /// <summary>The address of the picture, if known.</summary>
    public string? Image { get; init; }

    /// <summary>When the user first signed in or was created; <see langword="null"/> if unknown: the time of the import is used.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Until when the user is banned; <see cref="DateTimeOffset.MaxValue"/> for good, <see langword="null"/> or a time in the past when they are not.</summary>
    public DateTimeOffset? BannedUntil { get; init; }

    /// <summary>Why the user is banned, for administrators.</summary>
    public string? BanReason { get; init; }

    /// <summary>The accounts that the user signs in with.</summary>
    public IReadOnlyList<ImportedAccount> Accounts { get; init; } = [];

    /// <summary>Whether the row that the user comes from cannot be read.</summary>
    internal bool IsUnreadable { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{nameof(ImportedUser)} {{ Id = {Id} }}";
}

/// <summary>An account that a user of another library signs in with.</summary>
/// <param name="Provider">The provider's name in that library, such as <c>google</c>; for a password <c>credential</c>, <c>credentials</c> or <c>password</c>.</param>
/// <param name="Subject">The person's ID at the provider.</param>
public sealed record ImportedAccount(string Provider, string Subject)
{
    /// <summary>The issuer of the subject. Default: <see langword="null"/>, the issuer of this app's provider; required for a provider that serves many tenants.</summary>
    public string? Issuer { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{nameof(ImportedAccount)} {{ Provider = {Provider} }}";
}
