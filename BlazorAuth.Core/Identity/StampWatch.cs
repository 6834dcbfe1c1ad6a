using BlazorAuth.Circuits;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Identity;

/// <summary>Checks the sessions of open circuits too: they send no requests, which are what has a session checked.</summary>
internal sealed class StampWatch<TUser>(StampChecks<TUser> checks, CircuitSessions circuits, IOptions<SecurityStampValidatorOptions> validation, TimeProvider clock) : LoopService
    where TUser : class
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    protected override async Task LoopAsync(CancellationToken stoppingToken)
    {
        var interval = validation.Value.ValidationInterval / 4;
        using var timer = new PeriodicTimer(interval < Shortest ? Shortest : interval > Longest ? Longest : interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var session in circuits.Shown())
            {
                if (!await checks.MayGoOnAsync(session, stoppingToken))
                {
                    // Also if the store could not be told.
                    circuits.End(session.Id);
                }
            }
        }
    }
}
