namespace BlazorAuth;

/// <summary>The result of an import.</summary>
public sealed record ImportReport
{
    /// <summary>How many users were read.</summary>
    public required long Users { get; init; }

    /// <summary>How many of them were created.</summary>
    public required long Created { get; init; }

    /// <summary>How many existed already, from an earlier run or another import. None of their data was overwritten.</summary>
    public required long AlreadyThere { get; init; }

    /// <summary>How many accounts were linked, to new and existing users.</summary>
    public required long Accounts { get; init; }

    /// <summary>How many users were banned: new ones with a ban, and known ones whose ban is new or longer.</summary>
    public long Banned { get; init; }

    /// <summary>How many conflicts there were.</summary>
    public required long ConflictCount { get; init; }

    /// <summary>The first thousand conflicts. All of them are in the log (event 731).</summary>
    public required IReadOnlyList<ImportConflict> Conflicts { get; init; }
}

/// <summary>Something that was not imported, or not unchanged.</summary>
/// <param name="UserId">The user's ID.</param>
/// <param name="Provider">The account's provider; <see langword="null"/> if it concerns the user as a whole.</param>
/// <param name="Reason">Why.</param>
public sealed record ImportConflict(string UserId, string? Provider, ImportConflictReason Reason);

/// <summary>Why something was not imported.</summary>
public enum ImportConflictReason
{
    /// <summary>Another user already has the account, and keeps it. A user with no other account was not imported.</summary>
    AccountOfSomebodyElse,

    /// <summary>A user with this ID was deleted, or the ID was retired. It is never reused.</summary>
    IdWasUsed,

    /// <summary>
    /// This app has no such provider, or the provider has no issuer of its own: add it, map its name (<see cref="ImportOptions.Providers"/>), or
    /// set <see cref="ImportedAccount.Issuer"/>.
    /// </summary>
    UnknownProvider,

    /// <summary>An ID is empty, a text is too long or cannot be stored, or a value cannot be read, such as a time that is out of range.</summary>
    Unusable,

    /// <summary>The user was created and has no way to sign in: give them one with <see cref="AccountManager.LinkAsync"/>, or offer passwords.</summary>
    NoWayIn,

    /// <summary>
    /// A user here had the account, and has disconnected it or was deleted. It is not linked again: <see cref="AccountManager.LinkAsync"/> does that if it should be.
    /// </summary>
    AccountWasGivenUp,

    /// <summary>
    /// A user here has this ID, and nothing tells that they are the same person: no account that both have, and no verified address. Nothing was linked. Without a
    /// provider, it concerns the user as a whole: nothing of them was imported, a ban included.
    /// </summary>
    IdOfSomebodyElse,

    /// <summary>The discovery document of this app's provider names an issuer that is not its own, or on another server. The log says which (event 732).</summary>
    DoubtfulIssuer,
}

/// <summary>The progress of an import.</summary>
/// <param name="Users">How many users were read.</param>
/// <param name="Conflicts">How many conflicts there were.</param>
public readonly record struct ImportProgress(long Users, long Conflicts);

/// <summary>Options for an import.</summary>
public sealed class ImportOptions
{
    /// <summary>
    /// The IDs of providers in this app, by their names in the other library: <c>Providers["azure-ad"] = "microsoft"</c>. Default: the same, in lower
    /// case; for passwords the app's credentials provider.
    /// </summary>
    public IDictionary<string, string> Providers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Receives the progress after every hundred users, and at the end. Default: none.</summary>
    public IProgress<ImportProgress>? Progress { get; set; }
}
