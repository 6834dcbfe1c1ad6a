namespace BlazorAuth.StandIns;

/// <summary>A failure to simulate in one sign-in. It travels with that sign-in's code and affects no other.</summary>
public sealed record StandInFault
{
    private StandInFault(string id, string label, string meaning) => (Id, Label, Meaning) = (id, label, meaning);

    /// <summary>Nothing goes wrong.</summary>
    public static readonly StandInFault None = new("none", "Nothing", "The sign-in works.");

    /// <summary>The person cancels.</summary>
    public static readonly StandInFault Denied = new("denied", "Denied", "You say no: the app gets error=access_denied.");

    /// <summary>The token endpoint responds late (<see cref="StandInOptions.SlowDelay"/>).</summary>
    public static readonly StandInFault Slow = new("slow", "Slow", "The token endpoint takes its time, then answers.");

    /// <summary>The token endpoint responds with 500.</summary>
    public static readonly StandInFault ServerError = new("server-error", "Server error", "The token endpoint answers 500.");

    /// <summary>The provider says that the email address is not verified.</summary>
    public static readonly StandInFault UnverifiedEmail = new("unverified-email", "Unverified email", "The email isn’t verified.");

    /// <summary>The response names a different issuer.</summary>
    public static readonly StandInFault WrongIssuer = new("wrong-issuer", "Wrong issuer", "The answer names another issuer (iss).");

    /// <summary>The code is too old when it is used.</summary>
    public static readonly StandInFault ExpiredCode = new("expired-code", "Expired code", "The code expires before it’s used.");

    /// <summary>The failures for which a person has to be chosen first; a denial needs none.</summary>
    public static readonly IReadOnlyList<StandInFault> Rehearsals = [Slow, ServerError, UnverifiedEmail, WrongIssuer, ExpiredCode];

    private static readonly StandInFault[] All = [None, Denied, .. Rehearsals];

    /// <summary>Its name in forms and settings.</summary>
    public string Id { get; }

    /// <summary>Its name on the page.</summary>
    public string Label { get; }

    /// <summary>What happens, in a sentence.</summary>
    public string Meaning { get; }

    internal static StandInFault? Find(string? id) =>
        string.IsNullOrEmpty(id) ? None : Array.Find(All, fault => fault.Id == id);
}
