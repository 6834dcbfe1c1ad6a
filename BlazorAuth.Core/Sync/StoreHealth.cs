using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAuth.Sync;

/// <summary>
/// The health check <c>blazorauth</c>. Unhealthy: nobody who is signed in can be served, send no requests here. Degraded: reads go on from memory;
/// taking the node out would help nobody.
/// </summary>
internal sealed class StoreHealth(StoreState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            !state.IsLoaded ? HealthCheckResult.Unhealthy("The session store has not been read since the app started.")
            : !state.Answers ? HealthCheckResult.Degraded("The session store is not responding: sessions are checked from memory, and nobody can sign in.")
            : state.HasLostData ? HealthCheckResult.Degraded("The session store lost data: users whose sessions are missing have to sign in again.")
            : HealthCheckResult.Healthy());
}
