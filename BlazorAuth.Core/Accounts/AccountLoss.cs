using BlazorAuth.Sync;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Accounts;

/// <summary>
/// Whether the account store lost its users: it has none, though the session store remembers that it had. Links, bans and ids that were given up are gone with
/// them, so nobody signs in until a backup is restored.
/// </summary>
internal sealed class AccountLoss(IAccountStore accounts, ISessionStore sessions, SharedClock clock, ILogger<AccountLoss> logger)
{
    /// <summary>What it means that the users are lost, and what to do.</summary>
    public const string LostMessage = "The account store is empty, but it had users. Restore it from a backup and restart the app. To start over on purpose, empty the session store too.";

    private const string Key = "blazorauth.accounts";
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(3650);

    private volatile bool _hasLooked;
    private volatile bool _isLost;
    private volatile bool _isNoted;

    public bool IsLost => _isLost;

    /// <exception cref="SessionStoreException">The users are lost, or nobody can tell.</exception>
    public async ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        if (!_hasLooked)
        {
            // The store did not respond at startup.
            await LookAsync(cancellationToken);
        }

        if (_isLost)
        {
            throw new SessionStoreException(LostMessage);
        }
    }

    /// <summary>Looks whether there are users, and has the session store remember that there are.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (_isLost)
        {
            return;
        }

        var isEmpty = await accounts.IsEmptyAsync(cancellationToken);
        if (!isEmpty && !_isNoted)
        {
            await sessions.TryUseAsync(Key, clock.GetUtcNow() + Remembered, cancellationToken);
            _isNoted = true;
        }

        // A key whose time is long past has expired by every clock, so this only reads. Another node may have created the first user in the meantime, and recorded it.
        if (isEmpty && (_isNoted || !await sessions.TryUseAsync(Key, DateTimeOffset.UnixEpoch, cancellationToken)) && await accounts.IsEmptyAsync(cancellationToken))
        {
            _isLost = true;
            logger.UsersLost();
        }

        _hasLooked = true;
    }
}
