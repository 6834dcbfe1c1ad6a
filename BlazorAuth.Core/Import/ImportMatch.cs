using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using BlazorAuth.Accounts;

namespace BlazorAuth.Import;

/// <summary>Whose an account is, and whether a user of this app is the person of a row. An ID alone says neither: two libraries may both have a user "1".</summary>
internal sealed class ImportMatch(IAccountStore store)
{
    /// <summary>
    /// Whose an account is. What is the user's is not written, and it is asked for first: an account that its user disconnects at the same moment is found either
    /// here, or among those that were given up.
    /// </summary>
    /// <param name="account">The account, with the user who is to have it.</param>
    /// <param name="isNew">Whether this run has created the user, perhaps with the ID that the account stands for.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<AccountHolder> HolderOfAsync(AccountRecord account, bool isNew, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(account.Issuer, account.Subject, cancellationToken) is { } match)
        {
            return match.User.Id == account.UserId ? AccountHolder.TheUser : AccountHolder.SomebodyElse;
        }

        return await WasGivenUpAsync(account, isNew, cancellationToken) ? AccountHolder.NobodyAnyMore : AccountHolder.NobodyYet;
    }

    /// <summary>Whether an account that is not somebody else's was somebody's before: then the ID that it stands for is taken.</summary>
    /// <param name="account">The account, with the user who is to have it.</param>
    /// <param name="isNew">Whether this run has created the user, perhaps with the ID that the account stands for.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<bool> WasGivenUpAsync(AccountRecord account, bool isNew, CancellationToken cancellationToken) =>
        await store.FindUserAsync(account.DefaultUserId, cancellationToken) is { } used && !(isNew && used.Id == account.UserId);

    /// <summary>Keeps what tells later that a user without a way to sign in came from this row. Nobody can sign in with it.</summary>
    public async Task RememberAsync(ImportedUser row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var account in row.Accounts.Where(account => Tells(row, account)))
        {
            await store.LinkAsync(Placeholder(row.Id, MarkOf(row, account), now), cancellationToken);
        }
    }

    /// <summary>An account that keeps an imported user's ID, or a mark of their row.</summary>
    public static AccountRecord Placeholder(string userId, string subject, DateTimeOffset now) =>
        new() { Issuer = AccountRecord.ImportIssuer, Subject = subject, Provider = "import", UserId = userId, LinkedAt = now, LastUsedAt = now };

    /// <summary>Whether a user is the person of a row with the same ID.</summary>
    public async Task<Likeness> CompareAsync(
        UserRecord known, ImportedUser row, IEnumerable<(AccountRecord Account, AccountHolder Holder)> accounts, CancellationToken cancellationToken)
    {
        var isOfSameTime = row.CreatedAt is { } created && AccountLimits.ToMilliseconds(created) == known.CreatedAt;

        // The app's own issuers, such as that of its passwords, know a person by this ID alone.
        if (accounts.Any(account => account.Holder == AccountHolder.TheUser && !WayIn.IsOfApp(account.Account.Issuer))
            || (HasSameVerifiedAddress(known, row) && (row.CreatedAt is null || isOfSameTime)))
        {
            return Likeness.Same;
        }

        var isOfOtherAddress = known.Email is not null && row.Email is not null && !string.Equals(known.Email, row.Email, StringComparison.OrdinalIgnoreCase);
        return isOfOtherAddress && !isOfSameTime ? Likeness.Different
            : await HasMarkAsync(known, row, cancellationToken) ? Likeness.Same
            : Likeness.Unknown;
    }

    private static bool HasSameVerifiedAddress(UserRecord known, ImportedUser row) =>
        known.EmailVerifiedAt is not null && row.EmailVerifiedAt is not null
        && AccountLimits.ComparableEmail(known.Email) is { } email && email == AccountLimits.ComparableEmail(row.Email);

    private async Task<bool> HasMarkAsync(UserRecord known, ImportedUser row, CancellationToken cancellationToken)
    {
        foreach (var account in row.Accounts.Where(account => Tells(row, account)))
        {
            if (await store.FindAsync(AccountRecord.ImportIssuer, MarkOf(row, account), cancellationToken) is { } match && match.User.Id == known.Id)
            {
                return true;
            }
        }

        return false;
    }

    // A password goes by the ID, whatever it is called.
    private static bool Tells(ImportedUser row, ImportedAccount account) =>
        !ImportProviders.IsPassword(account.Provider) && account.Subject.Length > 0 && account.Subject != row.Id;

    private static string MarkOf(ImportedUser row, ImportedAccount account) =>
        Base64Url.EncodeToString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new[] { row.Id, account.Provider, account.Issuer, account.Subject })));
}

/// <summary>Who has an account here.</summary>
internal enum AccountHolder
{
    /// <summary>Nobody has it, or had it.</summary>
    NobodyYet,

    /// <summary>Somebody had it, and has disconnected it or was deleted.</summary>
    NobodyAnyMore,

    /// <summary>The user who is to have it.</summary>
    TheUser,

    /// <summary>Another user.</summary>
    SomebodyElse,
}

/// <summary>Whether two records with one ID are of one person.</summary>
internal enum Likeness
{
    /// <summary>Nothing tells.</summary>
    Unknown,

    /// <summary>They share an account, or a verified address.</summary>
    Same,

    /// <summary>They have different addresses and share nothing.</summary>
    Different,
}
