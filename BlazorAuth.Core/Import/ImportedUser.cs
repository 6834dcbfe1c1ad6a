namespace BlazorAuth;

/// <summary>A user of another library, as <see cref="AccountImport"/> takes them.</summary>
public sealed record ImportedUser
{
    /// <summary>The id that the app's tables point to. It stays.</summary>
    public required string Id { get; init; }

    /// <summary>The name, if it is known.</summary>
    public string? Name { get; init; }

    /// <summary>The e-mail address, if it is known.</summary>
    public string? Email { get; init; }

    /// <summary>When the address was verified; <see langword="null"/> when it was not.</summary>
    public DateTimeOffset? EmailVerifiedAt { get; init; }

    /// <summary>The address of the picture, if it is known.</summary>
    public string? Image { get; init; }

    /// <summary>When the user first signed in or was created; <see langword="null"/> if that is not known: the time of the import is used.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The ways in which the user signs in.</summary>
    public IReadOnlyList<ImportedAccount> Accounts { get; init; } = [];

    /// <summary>Whether the row that the user comes from cannot be read.</summary>
    internal bool IsUnreadable { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{nameof(ImportedUser)} {{ Id = {Id} }}";
}

/// <summary>A way to sign in of a user of another library.</summary>
/// <param name="Provider">The provider's name there, such as <c>google</c>; for a password <c>credential</c>, <c>credentials</c> or <c>password</c>.</param>
/// <param name="Subject">The person's id at the provider.</param>
public sealed record ImportedAccount(string Provider, string Subject)
{
    /// <summary>Who vouches for the subject. Default: <see langword="null"/>, what this app's provider says; one that serves many tenants needs it.</summary>
    public string? Issuer { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{nameof(ImportedAccount)} {{ Provider = {Provider} }}";
}
