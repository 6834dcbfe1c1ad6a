namespace BlazorAuth.App.StandIns;

/// <summary>What goes wrong in one sign-in. It travels with that sign-in's code and touches no other.</summary>
public sealed record StandInFault(string Id, string Label, string Meaning)
{
    public static readonly StandInFault None = new("none", "Nothing", "The sign-in works.");
    public static readonly StandInFault Denied = new("denied", "Denied", "You say no: the app gets error=access_denied.");
    public static readonly StandInFault Slow = new("slow", "Slow", "The token endpoint takes its time, then answers.");
    public static readonly StandInFault ServerError = new("server-error", "Server error", "The token endpoint answers 500.");
    public static readonly StandInFault UnverifiedEmail = new("unverified-email", "Unverified email", "The email isn’t verified.");
    public static readonly StandInFault WrongIssuer = new("wrong-issuer", "Wrong issuer", "The answer names another issuer (iss).");
    public static readonly StandInFault ExpiredCode = new("expired-code", "Expired code", "The code expires before it’s used.");

    /// <summary>The faults that need a person first; a denial needs none.</summary>
    public static readonly IReadOnlyList<StandInFault> Rehearsals = [Slow, ServerError, UnverifiedEmail, WrongIssuer, ExpiredCode];

    private static readonly StandInFault[] All = [None, Denied, .. Rehearsals];

    public static StandInFault? Find(string? id) =>
        string.IsNullOrEmpty(id) ? None : Array.Find(All, fault => fault.Id == id);
}
