namespace BlazorAuth.Sync;

/// <summary>A store without a signal that can tell at next to no cost that another process has written it.</summary>
internal interface IPolledStore
{
    /// <summary>How often it may be asked.</summary>
    TimeSpan PollInterval { get; }

    /// <summary>Whether something was written since the last call that this process did not write. Never throws, and waits for nobody.</summary>
    bool WasWritten();
}
