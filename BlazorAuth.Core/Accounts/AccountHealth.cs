using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAuth.Accounts;

/// <summary>The health check <c>blazorauth-accounts</c>. Unhealthy: the users are lost, and nobody can sign in.</summary>
internal sealed class AccountHealth(IAccountAuthority authority) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        authority is StoredAccounts { Loss.IsLost: true }
            ? HealthCheckResult.Unhealthy("The account store lost its users: nobody can sign in until it is restored.")
            : HealthCheckResult.Healthy());
}
