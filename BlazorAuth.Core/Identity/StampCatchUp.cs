using System.Collections.Concurrent;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Identity;

/// <summary>Changed users of whom the session store could not be told: their other sessions end as soon as it responds, while this node runs.</summary>
internal interface IUntoldChanges
{
    /// <summary>Keeps a user whose stamp may be another one now, or who was deleted.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="earlierStamp">Which stamp they had before, if that is known.</param>
    /// <param name="changingId">The session that has made the change, if one has. It goes on only if nobody has changed the stamp since.</param>
    /// <param name="madeStamp">Which stamp they had after it; null if they were deleted.</param>
    void Keep(string userId, string? earlierStamp, string? changingId, string? madeStamp);

    /// <summary>Keeps a user whose sign-ins that have begun were to end, just before a change.</summary>
    void KeepSignIns(string userId);
}

/// <summary>Asks Identity's database what is true by then: another node may have changed the user again.</summary>
internal sealed class StampCatchUp<TUser>(SessionManager sessions, IServiceScopeFactory scopes, TimeProvider clock, ILogger<StampCatchUp<TUser>> logger)
    : LoopService, IUntoldChanges
    where TUser : class
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Untold> _untold = new(StringComparer.Ordinal);

    // Two changes by one session, one right after the other, are one. After any others, no session goes on.
    public void Keep(string userId, string? earlierStamp, string? changingId, string? madeStamp) => _untold.AddOrUpdate(
        userId,
        _ => new Untold(earlierStamp, changingId, madeStamp),
        (_, before) => before.AreOnlySignIns ? new Untold(earlierStamp, changingId, madeStamp)
            : before.ChangingId == changingId && before.MadeStamp == earlierStamp ? new Untold(before.EarlierStamp, changingId, madeStamp)
            : new Untold(null, null, null));

    public void KeepSignIns(string userId) => _untold.AddOrUpdate(
        userId, _ => new Untold(null, null, null) { AreOnlySignIns = true }, (_, before) => before.Again());

    /// <summary>Tells the store; what it still cannot be told is kept.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        foreach (var (userId, untold) in _untold)
        {
            try
            {
                await TellAsync(userId, untold, cancellationToken);

                // Unless the user was changed again meanwhile.
                if (_untold.TryRemove(new(userId, untold)))
                {
                    logger.SessionsTold(userId);
                }
            }
            catch (SessionStoreException)
            {
                return;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Identity's database, or a store of the app's own. Said once.
                if (!untold.HasFailed)
                {
                    logger.UserNotRead(exception, userId);
                }

                untold.HasFailed = true;
            }
        }
    }

    protected override async Task LoopAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Interval, clock);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TellAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The app is stopping.
        }
    }

    private async Task TellAsync(string userId, Untold untold, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<TUser>>();
        if (await users.FindAsync(userId) is not { } user)
        {
            await sessions.RevokeUserAsync(userId, RevocationReason.Revoked, cancellationToken);
        }
        else if (users.SupportsUserSecurityStamp)
        {
            await sessions.EndSignInsAsync(userId, cancellationToken);
            var stamp = await users.GetSecurityStampAsync(user);
            var (earlier, changing) = stamp == untold.MadeStamp ? (untold.EarlierStamp, untold.ChangingId) : (null, null);
            await sessions.RevokeOtherStampsAsync(userId, stamp, earlier, changing, cancellationToken);
        }
    }

    /// <summary>Each change is another one, even if it says the same: what was told of one before is not told of it.</summary>
    private sealed class Untold(string? earlierStamp, string? changingId, string? madeStamp)
    {
        public string? EarlierStamp { get; } = earlierStamp;

        public string? ChangingId { get; } = changingId;

        public string? MadeStamp { get; } = madeStamp;

        /// <summary>Whether nothing is known but that sign-ins that had begun were to end.</summary>
        public bool AreOnlySignIns { get; init; }

        public bool HasFailed { get; set; }

        public Untold Again() => new(EarlierStamp, ChangingId, MadeStamp) { AreOnlySignIns = AreOnlySignIns };
    }
}
