namespace BlazorAuth;

/// <summary>Why a sign-in failed, in the person's language.</summary>
/// <param name="Title">What happened, in a few words.</param>
/// <param name="Message">What happened and what to do, in one or two sentences.</param>
/// <param name="Reason">The reason, for an app that shows its own text.</param>
/// <param name="Provider">The provider to try again with, if one was involved.</param>
/// <param name="Reference">The reference of the failure in the log; empty when there is none.</param>
public sealed record SignInFailure(string Title, string Message, AuthErrorReason Reason, AuthProvider? Provider, string Reference);
