using BlazorAuth.Sync;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Accounts;

/// <summary>
/// Once a minute, and every two seconds while the store does not respond: tells the account store who was seen, has it remove what expired, and looks whether it still
/// has its users.
/// </summary>
internal sealed class AccountUpkeep(IAccountAuthority authority, StoreOutbox outbox, AccountState state, TimeProvider clock, ILogger<AccountUpkeep> logger) : LoopService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SilentInterval = TimeSpan.FromSeconds(2);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (authority is not StoredAccounts accounts)
        {
            return Task.CompletedTask;
        }

        outbox.OnTouched = touches =>
        {
            foreach (var touch in touches)
            {
                accounts.Outbox.Add(new AccountUse(touch.UserId, touch.LastSeenAt));
            }
        };
        return base.StartAsync(cancellationToken);
    }

    protected override async Task LoopAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(NextInterval(), clock);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await RunAsync(stoppingToken);
                timer.Period = NextInterval();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The app is stopping.
        }
    }

    private TimeSpan NextInterval() => state.IsSilent ? SilentInterval : Interval;

    /// <summary>One round. A store that does not answer, or one of the app's own with a defect, is asked again in the next.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var accounts = (StoredAccounts)authority;
        try
        {
            await accounts.Loss.LookAsync(cancellationToken);
            await accounts.Outbox.FlushAsync(cancellationToken);
            state.IsSilent = false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (!state.IsSilent)
            {
                logger.AccountStoreUnreachable(exception);
            }

            state.IsSilent = true;
        }
    }
}
