using System.Data.Common;
using BlazorAuth.Accounts;
using BlazorAuth.Import;
using BlazorAuth.Sync;
using Microsoft.Extensions.Logging;

namespace BlazorAuth;

/// <summary>
/// Imports users and their accounts from another library into the account store, with their IDs. Users are read one by one, and an import can be
/// repeated: existing data is left unchanged, missing data is added. Registered as a service.
/// </summary>
public sealed class AccountImport
{
    private const int ProgressEvery = 100;

    private readonly IAccountStore _store;
    private readonly ImportProviders _providers;
    private readonly ImportMatch _match;
    private readonly ImportWriter _writer;
    private readonly SharedClock _clock;
    private readonly ILogger<AccountImport> _logger;

    internal AccountImport(IAccountStore store, AccountManager manager, ImportProviders providers, SharedClock clock, ILogger<AccountImport> logger)
    {
        _store = store;
        _providers = providers;
        _match = new(store);
        _writer = new(store, manager, _match, clock);
        _clock = clock;
        _logger = logger;
    }

    /// <summary>Imports the rows of a query of <c>docs/migrate.md</c>. Columns are read by name, and all rows of a user must be adjacent.</summary>
    /// <exception cref="SessionStoreException">The store cannot be reached: call it again.</exception>
    public Task<ImportReport> RunAsync(DbDataReader rows, ImportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return RunAsync(ImportRows.ReadAsync(rows, _clock.GetUtcNow(), cancellationToken), options, cancellationToken);
    }

    /// <summary>Imports users from a sequence.</summary>
    /// <exception cref="SessionStoreException">The store cannot be reached: call it again.</exception>
    public async Task<ImportReport> RunAsync(IAsyncEnumerable<ImportedUser> users, ImportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(users);
        var (run, given) = (new ImportRun(_logger), options ?? new ImportOptions());
        await _store.InitializeAsync(cancellationToken);
        await foreach (var user in users.WithCancellation(cancellationToken))
        {
            try
            {
                await ImportAsync(user, run, given, cancellationToken);
            }
            catch (ArgumentException)
            {
                run.Add(user, null, ImportConflictReason.Unusable);
            }

            if (++run.Users % ProgressEvery == 0)
            {
                given.Progress?.Report(new(run.Users, run.ConflictCount));
            }
        }

        given.Progress?.Report(new(run.Users, run.ConflictCount));
        _logger.Imported(run.Users, run.Created, run.Accounts, run.ConflictCount);
        return run.Report;
    }

    private async Task ImportAsync(ImportedUser user, ImportRun run, ImportOptions options, CancellationToken cancellationToken)
    {
        if (user.IsUnreadable)
        {
            run.Add(user, null, ImportConflictReason.Unusable);
            return;
        }

        var accounts = await AccountsAsync(user, run, options, cancellationToken);
        var known = await _store.FindUserAsync(user.Id, cancellationToken);
        if (known is { DeletedAt: not null })
        {
            run.Add(user, null, ImportConflictReason.IdWasUsed);
            return;
        }

        if (known is null)
        {
            await CreateAsync(user, accounts, run, cancellationToken);
        }
        else
        {
            await AddToAsync(known, user, accounts, run, cancellationToken);
        }
    }

    private async Task<List<AccountRecord>> AccountsAsync(ImportedUser user, ImportRun run, ImportOptions options, CancellationToken cancellationToken)
    {
        var accounts = new List<AccountRecord>();
        foreach (var account in user.Accounts)
        {
            var (record, problem) = await _providers.AccountOfAsync(user, account, options, _clock.GetUtcNow(), cancellationToken);
            if (record is not null)
            {
                accounts.Add(record);
                continue;
            }

            run.Add(user, account.Provider, problem is null ? ImportConflictReason.UnknownProvider : ImportConflictReason.DoubtfulIssuer);
            if (problem is not null)
            {
                run.AddDoubt(problem);
            }
        }

        return accounts;
    }

    private async Task CreateAsync(ImportedUser user, List<AccountRecord> accounts, ImportRun run, CancellationToken cancellationToken)
    {
        var (isCreated, isSomebodyElse) = (false, false);
        foreach (var account in accounts)
        {
            var holder = await _match.HolderOfAsync(account, isCreated, cancellationToken);
            var reason = holder != AccountHolder.NobodyYet ? ReasonOf(holder)
                : isCreated ? await _writer.LinkAsync(account, isNew: true, run, cancellationToken)
                : await _writer.CreateAsync(user, account, run, cancellationToken);
            if (reason == ImportConflictReason.IdWasUsed)
            {
                run.Add(user, null, ImportConflictReason.IdWasUsed);
                return;
            }

            isCreated |= holder == AccountHolder.NobodyYet && reason is null;
            isSomebodyElse |= reason == ImportConflictReason.AccountOfSomebodyElse;
            Add(user, account, reason, run);
        }

        if (!isCreated && !isSomebodyElse)
        {
            await _writer.CreateWithoutWayInAsync(user, run, cancellationToken);
        }
    }

    private async Task AddToAsync(UserRecord known, ImportedUser user, List<AccountRecord> accounts, ImportRun run, CancellationToken cancellationToken)
    {
        var held = new List<(AccountRecord Account, AccountHolder Holder)>();
        foreach (var account in accounts)
        {
            held.Add((account, await _match.HolderOfAsync(account, isNew: false, cancellationToken)));
        }

        var likeness = await _match.CompareAsync(known, user, held, cancellationToken);
        if (likeness == Likeness.Different)
        {
            run.Add(user, null, ImportConflictReason.IdOfSomebodyElse);
            return;
        }

        // Before an account is linked.
        await _writer.BanAsync(known, user, likeness, run, cancellationToken);
        foreach (var (account, holder) in held)
        {
            var reason = holder != AccountHolder.NobodyYet ? ReasonOf(holder)
                : likeness == Likeness.Same ? await _writer.LinkAsync(account, isNew: false, run, cancellationToken)
                : ImportConflictReason.IdOfSomebodyElse;
            Add(user, account, reason, run);
        }

        if (accounts.Count == 0)
        {
            run.Add(user, null, ImportConflictReason.NoWayIn);
        }

        run.AlreadyThere++;
    }

    private static void Add(ImportedUser user, AccountRecord account, ImportConflictReason? reason, ImportRun run)
    {
        if (reason is { } conflict)
        {
            run.Add(user, account.Provider, conflict);
        }
    }

    private static ImportConflictReason? ReasonOf(AccountHolder holder) => holder switch
    {
        AccountHolder.SomebodyElse => ImportConflictReason.AccountOfSomebodyElse,
        AccountHolder.NobodyAnyMore => ImportConflictReason.AccountWasGivenUp,
        _ => null,
    };
}
