using BlazorAuth.Sync;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Accounts;

/// <summary>Once a minute: tells the account store who was seen, and looks whether it still has its users.</summary>
internal sealed class AccountUpkeep(IAccountAuthority authority, StoreOutbox outbox, TimeProvider clock, ILogger<AccountUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private bool _isSilent;

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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Interval, clock);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await RunAsync((StoredAccounts)authority, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The app stops.
        }
    }

    // A store that does not answer, or one of the app's own with a defect, is asked again at the next tick.
    private async Task RunAsync(StoredAccounts accounts, CancellationToken cancellationToken)
    {
        try
        {
            await accounts.Loss.LookAsync(cancellationToken);
            await accounts.Outbox.FlushAsync(cancellationToken);
            _isSilent = false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_isSilent)
            {
                logger.AccountStoreUnreachable(exception);
            }

            _isSilent = true;
        }
    }
}
