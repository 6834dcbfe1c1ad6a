using BlazorAuth.Accounts;
using BlazorAuth.Sync;

namespace BlazorAuth.Import;

/// <summary>Writes what an import has decided, and counts it.</summary>
internal sealed class ImportWriter(IAccountStore store, AccountManager manager, ImportMatch match, SharedClock clock)
{
    public async Task BanAsync(UserRecord known, ImportedUser user, Likeness likeness, ImportRun run, CancellationToken cancellationToken)
    {
        if (BanOf(user) is not { } until || known.BannedUntil >= AccountLimits.ToMilliseconds(until))
        {
            return;
        }

        if (likeness != Likeness.Same)
        {
            run.Add(user, null, ImportConflictReason.IdOfSomebodyElse);
            return;
        }

        // They may have sessions here.
        await manager.BanAsync(user.Id, until, user.BanReason, cancellationToken);
        run.Banned++;
    }

    public async Task<ImportConflictReason?> LinkAsync(AccountRecord account, bool isNew, ImportRun run, CancellationToken cancellationToken)
    {
        var result = await store.LinkAsync(account, cancellationToken);
        if (result == LinkResult.Linked && await IsTakenBackAsync(account, isNew))
        {
            return ImportConflictReason.AccountWasGivenUp;
        }

        run.Accounts += result == LinkResult.Linked ? 1 : 0;
        return result switch
        {
            LinkResult.Linked or LinkResult.AlreadyLinked => null,
            LinkResult.UserNotFound => ImportConflictReason.IdWasUsed,
            _ => ImportConflictReason.AccountOfSomebodyElse,
        };
    }

    public async Task<ImportConflictReason?> CreateAsync(ImportedUser user, AccountRecord account, ImportRun run, CancellationToken cancellationToken)
    {
        var creation = await store.CreateAsync(RecordOf(user), account, cancellationToken);
        if (creation != UserCreation.Created)
        {
            return creation == UserCreation.IdWasUsed ? ImportConflictReason.IdWasUsed : ImportConflictReason.AccountOfSomebodyElse;
        }

        run.Accounts += account.Issuer == AccountRecord.ImportIssuer ? 0 : 1;
        run.Banned += BanOf(user) is null ? 0 : 1;
        run.Created++;
        return null;
    }

    /// <summary>The ID is kept even for somebody who cannot sign in: with another one their data would be lost to them.</summary>
    public async Task CreateWithoutWayInAsync(ImportedUser user, ImportRun run, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (await CreateAsync(user, ImportMatch.Placeholder(user.Id, user.Id, now), run, cancellationToken) is not null)
        {
            run.Add(user, null, ImportConflictReason.IdWasUsed);
            return;
        }

        await match.RememberAsync(user, now, cancellationToken);
        run.Add(user, null, ImportConflictReason.NoWayIn);
    }

    /// <summary>
    /// Whether a new link was removed again, because somebody connected and disconnected its account between the look at it and the write. The store leaves a user
    /// the only account that they have.
    /// </summary>
    private async Task<bool> IsTakenBackAsync(AccountRecord account, bool isNew) =>
        await match.WasGivenUpAsync(account, isNew, CancellationToken.None)
        && await manager.UnlinkAsync(account.UserId, account.Issuer, account.Subject, keptSessionId: null, CancellationToken.None) != UnlinkResult.LastOne;

    private UserRecord RecordOf(ImportedUser user) => new()
    {
        Id = user.Id, Name = user.Name, Email = user.Email, EmailVerifiedAt = user.Email is null ? null : user.EmailVerifiedAt, Image = user.Image,
        BannedUntil = BanOf(user), BanReason = BanOf(user) is null ? null : user.BanReason,
        CreatedAt = user.CreatedAt ?? clock.GetUtcNow(), LastSeenAt = user.CreatedAt ?? clock.GetUtcNow(),
    };

    /// <summary>When the user's ban ends; null when they have none, or it is over.</summary>
    private DateTimeOffset? BanOf(ImportedUser user) => user.BannedUntil > clock.GetUtcNow() ? user.BannedUntil : null;
}
