using BlazorAuth.StepUp;
using Microsoft.AspNetCore.Authorization;

namespace BlazorAuth;

/// <summary>
/// Only allows people who signed in recently, on a page or an endpoint for sensitive actions. Others are asked to sign in again
/// and come back to the same place; they stay signed in in the meantime.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequireFreshAttribute : AuthorizeAttribute
{
    /// <summary>How long ago the person may have signed in, in minutes.</summary>
    public RequireFreshAttribute(int minutes)
        : this(TimeSpan.FromMinutes(minutes))
    {
        Minutes = minutes;
    }

    internal RequireFreshAttribute(TimeSpan within)
        : base(FreshPolicyProvider.NameOf(within))
    {
        Within = within;
    }

    /// <summary>How long ago the person may have signed in, in minutes.</summary>
    public int Minutes { get; }

    /// <summary>How long ago the person may have signed in.</summary>
    public TimeSpan Within { get; }
}
