namespace BlazorAuth;

/// <summary>What became of an import.</summary>
public sealed record ImportReport
{
    /// <summary>How many users were read.</summary>
    public required long Users { get; init; }

    /// <summary>How many of them were created.</summary>
    public required long Created { get; init; }

    /// <summary>How many were there already: by an earlier run, or another import. Nothing of theirs was overwritten.</summary>
    public required long AlreadyThere { get; init; }

    /// <summary>How many accounts were linked, to users new and old.</summary>
    public required long Accounts { get; init; }

    /// <summary>How many conflicts there were.</summary>
    public required long ConflictCount { get; init; }

    /// <summary>The first thousand conflicts. All of them are in the log (event 731).</summary>
    public required IReadOnlyList<ImportConflict> Conflicts { get; init; }
}

/// <summary>What was not imported, or not as it was.</summary>
/// <param name="UserId">Whose it is.</param>
/// <param name="Provider">The account's provider; <see langword="null"/> when the user as a whole is meant.</param>
/// <param name="Reason">Why.</param>
public sealed record ImportConflict(string UserId, string? Provider, ImportConflictReason Reason);

/// <summary>Why something was not imported.</summary>
public enum ImportConflictReason
{
    /// <summary>Another user here has the account. It was left with them, and so was the user, if it was their only account.</summary>
    AccountOfSomebodyElse,

    /// <summary>A user with this id was deleted here, or the id was given up. Nobody gets it again.</summary>
    IdWasUsed,

    /// <summary>This app has no such provider, or one that does not say who vouches for its subjects: add it, name it, or set <see cref="ImportedAccount.Issuer"/>.</summary>
    UnknownProvider,

    /// <summary>An id is empty, a text is too long or cannot be stored, or a value cannot be read, such as a time that is out of range.</summary>
    Unusable,

    /// <summary>The user was created and has no way to sign in: give them one with <see cref="AccountManager.LinkAsync"/>, or offer passwords.</summary>
    NoWayIn,
}

/// <summary>How far an import is.</summary>
/// <param name="Users">How many users were read.</param>
/// <param name="Conflicts">How many conflicts there were.</param>
public readonly record struct ImportProgress(long Users, long Conflicts);

/// <summary>How an import goes.</summary>
public sealed class ImportOptions
{
    /// <summary>
    /// What a provider is called in this app, by its name there: <c>Providers["azure-ad"] = "microsoft"</c>. Default: the same, in lower case; for passwords the app's
    /// credentials provider.
    /// </summary>
    public IDictionary<string, string> Providers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Told after every hundred users, and at the end. Default: nobody.</summary>
    public IProgress<ImportProgress>? Progress { get; set; }
}
