namespace BlazorAuth.Circuits;

/// <summary>What a task that has ended has brought. One that is under way is waited for by nobody: a circuit has one thread.</summary>
internal static class KnownTask
{
    /// <summary>The result, if there is one already.</summary>
    public static T? OrNull<T>(this Task<T> task)
        where T : class => task.IsCompletedSuccessfully ? task.Result : null;
}
