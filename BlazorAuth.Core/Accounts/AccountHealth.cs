using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAuth.Accounts;

/// <summary>
/// The health check <c>blazorauth-accounts</c>: what this node's own rounds and sign-ins have found out. Degraded: the users are lost, or the store does not respond, or
/// writes none; whoever is signed in goes on, and taking the node out would help nobody.
/// </summary>
internal sealed class AccountHealth(IAccountAuthority authority, AccountState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        authority is StoredAccounts { Loss.IsLost: true }
            ? HealthCheckResult.Degraded("The account store lost its users: nobody can sign in until it is restored. Running sessions continue.")
            : state.IsSilent ? HealthCheckResult.Degraded("The account store is not responding: nobody can sign in. Running sessions continue.")
            : state.WriteFailure is { } failure
                ? HealthCheckResult.Degraded($"The account store is responding, but did not add the last user or account: nobody new can sign in. {failure}")
            : HealthCheckResult.Healthy());
}
