namespace BlazorAuth.Sync;

/// <summary>What a node does repeatedly. A defect lasts until the job that met it succeeds.</summary>
[Flags]
internal enum SyncJobs
{
    None = 0,

    /// <summary>Looking at the store and reading what is new, whatever made the node do it.</summary>
    Round = 1,

    /// <summary>Listening to the store's signals.</summary>
    Listening = 2,

    /// <summary>Writing when sessions were last seen.</summary>
    Seen = 4,

    /// <summary>Removing what has expired.</summary>
    Cleaning = 8,
}
