using Microsoft.Extensions.Primitives;

namespace BlazorAuth.StandIns.Internal;

/// <summary>What the picker shows.</summary>
/// <param name="Provider">Whose place is taken.</param>
/// <param name="People">Who can be chosen.</param>
/// <param name="Faults">The failures that can be simulated.</param>
public sealed record PickerModel(StandInProvider Provider, IReadOnlyList<StandInPerson> People, IReadOnlyList<StandInFault> Faults)
{
    /// <summary>Where the forms go.</summary>
    public required string Action { get; init; }

    /// <summary>Where pictures and style sheet are.</summary>
    public required string Site { get; init; }

    /// <summary>The authorization request, carried along unchanged.</summary>
    public required IReadOnlyList<KeyValuePair<string, StringValues>> Fields { get; init; }

    /// <summary>The failure that is being simulated.</summary>
    public required StandInFault Fault { get; init; }

    /// <summary>Host and port of the app.</summary>
    public required string ContinueTo { get; init; }

    /// <summary>What was missing in the form.</summary>
    public string? Problem { get; init; }
}
