using System.Data.Common;
using BlazorAuth.Accounts;
using BlazorAuth.Import;
using BlazorAuth.Providers;
using BlazorAuth.Sync;
using Microsoft.Extensions.Logging;

namespace BlazorAuth;

/// <summary>
/// Imports users and their accounts from another library into the account store, with their IDs. Users are read one by one, and an import can be
/// repeated: existing data is left unchanged, missing data is added. Registered as a service.
/// </summary>
public sealed class AccountImport
{
    private const int MostConflicts = 1000;
    private const int ProgressEvery = 100;

    private readonly IAccountStore _store;
    private readonly AccountManager _manager;
    private readonly ImportProviders _providers;
    private readonly SharedClock _clock;
    private readonly ILogger<AccountImport> _logger;

    internal AccountImport(IAccountStore store, AccountManager manager, ImportProviders providers, SharedClock clock, ILogger<AccountImport> logger)
    {
        _store = store;
        _manager = manager;
        _providers = providers;
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
        var (run, given) = (new Run(_logger), options ?? new ImportOptions());
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
        return new()
        {
            Users = run.Users, Created = run.Created, AlreadyThere = run.AlreadyThere, Accounts = run.Accounts, Banned = run.Banned, ConflictCount = run.ConflictCount, Conflicts = run.Conflicts,
        };
    }

    private async Task ImportAsync(ImportedUser user, Run run, ImportOptions options, CancellationToken cancellationToken)
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

        if (known is not null && BanOf(user) is { } until && !(known.BannedUntil >= AccountLimits.ToMilliseconds(until)))
        {
            // Before an account is linked. They may have sessions here.
            await _manager.BanAsync(user.Id, until, user.BanReason, cancellationToken);
            run.Banned++;
        }

        foreach (var account in accounts)
        {
            var isTheirs = known is not null ? await LinkAsync(account, run, cancellationToken) : await CreateAsync(user, account, run, cancellationToken);
            if (!isTheirs)
            {
                run.Add(user, account.Provider, ImportConflictReason.AccountOfSomebodyElse);
                continue;
            }

            known ??= await _store.FindUserAsync(user.Id, cancellationToken);
        }

        if (accounts.Count == 0)
        {
            await CreateWithoutWayInAsync(user, known, run, cancellationToken);
        }

        run.AlreadyThere += known is not null && !run.HasJustCreated(user.Id) ? 1 : 0;
    }

    private async Task<List<AccountRecord>> AccountsAsync(ImportedUser user, Run run, ImportOptions options, CancellationToken cancellationToken)
    {
        var accounts = new List<AccountRecord>();
        foreach (var account in user.Accounts)
        {
            if (await _providers.AccountOfAsync(user, account, options, _clock.GetUtcNow(), cancellationToken) is { } record)
            {
                accounts.Add(record);
            }
            else
            {
                run.Add(user, account.Provider, ImportConflictReason.UnknownProvider);
            }
        }

        return accounts;
    }

    /// <summary>Whether the account is the user's now; false when somebody else has it.</summary>
    private async Task<bool> LinkAsync(AccountRecord account, Run run, CancellationToken cancellationToken)
    {
        var result = await _store.LinkAsync(account, cancellationToken);
        run.Accounts += result == LinkResult.Linked ? 1 : 0;
        return result is LinkResult.Linked or LinkResult.AlreadyLinked;
    }

    private async Task<bool> CreateAsync(ImportedUser user, AccountRecord account, Run run, CancellationToken cancellationToken)
    {
        if (await _store.CreateAsync(RecordOf(user), account, cancellationToken) != UserCreation.Created)
        {
            return false;
        }

        run.Create(user.Id, BanOf(user) is not null);
        run.Accounts++;
        return true;
    }

    /// <summary>The ID is kept even for somebody who cannot sign in: with another one their data would be lost to them.</summary>
    private async Task CreateWithoutWayInAsync(ImportedUser user, UserRecord? known, Run run, CancellationToken cancellationToken)
    {
        if (known is null)
        {
            var now = _clock.GetUtcNow();
            var none = new AccountRecord { Issuer = AccountRecord.ImportIssuer, Subject = user.Id, Provider = "import", UserId = user.Id, LinkedAt = now, LastUsedAt = now };
            if (await _store.CreateAsync(RecordOf(user), none, cancellationToken) == UserCreation.Created)
            {
                run.Create(user.Id, BanOf(user) is not null);
            }
        }

        run.Add(user, null, ImportConflictReason.NoWayIn);
    }

    private UserRecord RecordOf(ImportedUser user) => new()
    {
        Id = user.Id, Name = user.Name, Email = user.Email, EmailVerifiedAt = user.Email is null ? null : user.EmailVerifiedAt, Image = user.Image,
        BannedUntil = BanOf(user), BanReason = BanOf(user) is null ? null : user.BanReason,
        CreatedAt = user.CreatedAt ?? _clock.GetUtcNow(), LastSeenAt = user.CreatedAt ?? _clock.GetUtcNow(),
    };

    /// <summary>When the user's ban ends; null when they have none, or it is over.</summary>
    private DateTimeOffset? BanOf(ImportedUser user) => user.BannedUntil > _clock.GetUtcNow() ? user.BannedUntil : null;

    /// <summary>The counts of a run. What it keeps does not grow with the number of users.</summary>
    private sealed class Run(ILogger logger)
    {
        private readonly List<ImportConflict> _conflicts = [];
        private string? _created;

        public long Users { get; set; }

        public long Created { get; private set; }

        public long AlreadyThere { get; set; }

        public long Accounts { get; set; }

        public long ConflictCount { get; private set; }

        public IReadOnlyList<ImportConflict> Conflicts => _conflicts;

        public long Banned { get; set; }

        public void Create(string userId, bool isBanned)
        {
            Banned += isBanned ? 1 : 0;
            _created = userId;
            Created++;
        }

        public bool HasJustCreated(string userId) => _created == userId;

        public void Add(ImportedUser user, string? provider, ImportConflictReason reason)
        {
            // They come from rows of another library, of which nothing is known.
            logger.ImportConflict(ProviderText.Printable(user.Id), provider is null ? null : ProviderText.Printable(provider), reason);
            ConflictCount++;
            if (_conflicts.Count < MostConflicts)
            {
                _conflicts.Add(new(user.Id, provider, reason));
            }
        }
    }
}
