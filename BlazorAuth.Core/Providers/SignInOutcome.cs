using BlazorAuth.Http;
using BlazorAuth.Sessions;

namespace BlazorAuth.Providers;

/// <summary>What the gate decided about a person.</summary>
internal sealed record SignInOutcome
{
    private SignInOutcome()
    {
    }

    /// <summary>What the new session is made of; null unless the person may sign in.</summary>
    public SignInGrant? Grant { get; private init; }

    /// <summary>Why the person may not sign in; null where nobody gave a reason.</summary>
    public AuthErrorReason? Reason { get; private init; }

    /// <summary>The code that goes with the reason.</summary>
    public string Code => Reason is AuthErrorReason.ConfirmToLink or AuthErrorReason.AccountOfSomebodyElse ? AuthError.OAuthAccountNotLinked : AuthError.AccessDenied;

    /// <summary>Where the app wants a person to go who may not sign in yet; null where it named no address.</summary>
    public string? Target { get; private init; }

    public static SignInOutcome Granted(SignInGrant grant) => new() { Grant = grant };

    public static SignInOutcome Refused(AuthErrorReason? reason) => new() { Reason = reason };

    public static SignInOutcome SentTo(ReturnUrl target) => SentTo(target.Text);

    /// <param name="target">An address of the app's, which nobody else can choose.</param>
    public static SignInOutcome SentTo(string target) => new() { Target = target };
}
