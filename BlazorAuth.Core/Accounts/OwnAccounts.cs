namespace BlazorAuth.Accounts;

/// <summary>Says that the app made a call that settles who decides on users' ids.</summary>
/// <param name="Call">The call, as it stands in the app's code.</param>
internal sealed record OwnAccounts(string Call);
