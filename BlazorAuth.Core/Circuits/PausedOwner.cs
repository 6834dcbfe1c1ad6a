using Microsoft.AspNetCore.Components;

namespace BlazorAuth.Circuits;

/// <summary>
/// Whose page a circuit was when the platform paused it or dropped it with its state. The platform gives that state to whoever has the page now: the tab of a
/// shared browser would show the next person what the one before them left there.
/// </summary>
internal sealed class PausedOwner(SessionStateProvider state, NavigationManager navigation)
{
    /// <summary>The user's id; null where nobody was signed in. It is read back when a circuit resumes, before the components are, and not in the first circuit of a page.</summary>
    [PersistentState(RestoreBehavior = RestoreBehavior.SkipInitialValue)]
    public string? UserId
    {
        get => state.OwnerId;
        set
        {
            if (value is not null && value != state.UserId)
            {
                // The platform has no way to resume without the state, and ends the circuit at an exception.
                navigation.Refresh(forceReload: true);
                throw new InvalidOperationException("The page was paused for another person than the one who is signed in now. It is loaded again instead of resumed.");
            }
        }
    }
}
