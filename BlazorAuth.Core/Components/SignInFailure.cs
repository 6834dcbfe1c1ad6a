namespace BlazorAuth;

/// <summary>Why a sign-in failed, in words for the person.</summary>
/// <param name="Title">What happened, in a few words.</param>
/// <param name="Message">What happened and what to do, in one or two sentences.</param>
/// <param name="Reason">The reason, for an app that wants words of its own.</param>
/// <param name="Provider">The provider to try again with, if one was involved.</param>
/// <param name="Reference">What finds the failure in the log; empty when there is nothing to find.</param>
public sealed record SignInFailure(string Title, string Message, AuthErrorReason Reason, AuthProvider? Provider, string Reference);
