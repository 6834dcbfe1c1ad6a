using BlazorAuth.StepUp;
using Microsoft.AspNetCore.Authorization;

namespace BlazorAuth;

/// <summary>
/// Lets only people in who signed in a short while ago, on a page or an endpoint for sensitive things. Others are asked to sign in once more
/// and come back to the same place; they stay signed in meanwhile.
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
