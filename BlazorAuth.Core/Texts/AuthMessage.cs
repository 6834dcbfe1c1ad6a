namespace BlazorAuth;

/// <summary>A message for the person: what happened, and what to do next.</summary>
/// <param name="Title">What happened, in a few words.</param>
/// <param name="Text">What happened and what to do, in one or two sentences.</param>
/// <param name="IsCalm">Whether nothing went wrong: the person changed their mind, or has to sign in first.</param>
public sealed record AuthMessage(string Title, string Text, bool IsCalm = false);
