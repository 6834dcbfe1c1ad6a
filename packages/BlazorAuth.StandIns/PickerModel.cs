using Microsoft.Extensions.Primitives;

namespace BlazorAuth.StandIns.Internal;

/// <summary>What the picker shows.</summary>
/// <param name="Provider">The provider that is replaced.</param>
/// <param name="People">Who can be chosen.</param>
/// <param name="Faults">The failures that can be simulated.</param>
public sealed record PickerModel(StandInProvider Provider, IReadOnlyList<StandInPerson> People, IReadOnlyList<StandInFault> Faults)
{
    /// <summary>The address that the forms post to.</summary>
    public required string Action { get; init; }

    /// <summary>The base address of the pictures and the style sheet.</summary>
    public required string Site { get; init; }

    /// <summary>The authorization request, passed along unchanged.</summary>
    public required IReadOnlyList<KeyValuePair<string, StringValues>> Fields { get; init; }

    /// <summary>The failure that is being simulated.</summary>
    public required StandInFault Fault { get; init; }

    /// <summary>Host and port of the app.</summary>
    public required string ContinueTo { get; init; }

    /// <summary>What was missing from the form.</summary>
    public string? Problem { get; init; }
}
