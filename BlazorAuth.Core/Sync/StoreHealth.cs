using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAuth.Sync;

/// <summary>
/// The health check <c>blazorauth</c>: what this node's own rounds have found out. It asks nobody, so probes cost nothing. Unhealthy: nobody who is signed in
/// can be served, send no requests here. Degraded: somebody should look; taking the node out would help nobody.
/// </summary>
internal sealed class StoreHealth(StoreState state, ClockWatch clocks, ProtectionKeyRepository keys, NodeDrain drain) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (drain.IsDraining)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy("The node is stopping."));
        }

        if (!state.IsLoaded)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy(Join("The session store has not been read since the app started.", state.Failure)));
        }

        string[] problems = [.. Problems()];
        return Task.FromResult(problems.Length == 0 ? HealthCheckResult.Healthy(Notes()) : HealthCheckResult.Degraded(string.Join(' ', [.. problems, Notes()]).TrimEnd()));
    }

    // What needs no attention.
    private string Notes() => string.Join(' ', new[] { Setting(), clocks.Note }.OfType<string>());

    private string? Setting() => state.RefusedBefore is { } moment
        ? string.Create(CultureInfo.InvariantCulture, $"Everyone who signed in before {moment:u} has to sign in again, because AUTH_SESSIONS_NOT_BEFORE was set (event 448).")
        : null;

    private IEnumerable<string> Problems()
    {
        if (!state.Answers)
        {
            yield return Join("The session store is not responding: sessions are checked from memory, and nobody can sign in.", state.Failure);
        }

        else if (state.SignInFailure is { } failure)
        {
            yield return Join("The session store is responding, but did not write the last sign-in.", failure);
        }

        if (state.HasDefect)
        {
            yield return "This node's maintenance of sessions fails, so it may not know what other nodes changed: see event 413 in the log.";
        }

        if (state.HasLostData)
        {
            yield return "The session store lost data: see events 407, 446 and 447 in the log of this node.";
        }

        if (state.IsDeaf)
        {
            yield return "The session store's signals do not reach this node: it hears of other nodes' changes within seconds.";
        }

        if (clocks.Problem is { } clock)
        {
            yield return clock;
        }

        if (keys.HasUnknown)
        {
            yield return "Another node writes Data Protection keys under a secret that is not set here: nodes cannot finish each other's sign-ins. Give all nodes the same AUTH_SECRET.";
        }
    }

    private static string Join(string text, string? cause) => cause is null ? text : $"{text} {cause}";
}
