namespace BlazorAuth.Pages;

/// <summary>What sort of thing happened: it decides a page's mark.</summary>
public enum OutcomeKind
{
    /// <summary>Something went wrong.</summary>
    Fault,

    /// <summary>Nothing went wrong; there is something to do first.</summary>
    Neutral,

    /// <summary>The person changed their mind.</summary>
    Cancelled,

    /// <summary>It works again after a while, or with a new start.</summary>
    Wait,

    /// <summary>The account may not do it.</summary>
    NoAccess,

    /// <summary>It is done.</summary>
    Good,
}
