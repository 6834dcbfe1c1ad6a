using System.Globalization;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Authorization;

namespace BlazorAuth.StepUp;

/// <summary>
/// Makes the policies of <see cref="RequireFreshAttribute"/>. A policy has a name everywhere, in endpoints and in <c>AuthorizeView</c>, while
/// requirements as attribute data are read by endpoints only. All other policies are the platform's, or the app's own provider's.
/// </summary>
internal sealed class FreshPolicyProvider(IAuthorizationPolicyProvider inner) : IAuthorizationPolicyProvider
{
    private const string Prefix = "BlazorAuth.Fresh:";

    public bool AllowsCachingPolicies => inner.AllowsCachingPolicies;

    public Task<AuthorizationPolicy> GetDefaultPolicyAsync() => inner.GetDefaultPolicyAsync();

    public Task<AuthorizationPolicy?> GetFallbackPolicyAsync() => inner.GetFallbackPolicyAsync();

    public static string NameOf(TimeSpan within)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(within, TimeSpan.Zero);
        return Prefix + ((long)within.TotalSeconds).ToString(CultureInfo.InvariantCulture);
    }

    public Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) =>
        policyName.StartsWith(Prefix, StringComparison.Ordinal)
            && long.TryParse(policyName.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? Task.FromResult<AuthorizationPolicy?>(
                    new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new FreshRequirement(TimeSpan.FromSeconds(seconds))).Build())
                : inner.GetPolicyAsync(policyName);
}

/// <summary>The person signed in within this time.</summary>
internal sealed record FreshRequirement(TimeSpan Within) : IAuthorizationRequirement;

internal sealed class FreshHandler(SessionManager sessions) : AuthorizationHandler<FreshRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, FreshRequirement requirement)
    {
        if (SessionIdentity.Of(context.User)?.Session is { } session && sessions.IsFresh(session, requirement.Within))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
