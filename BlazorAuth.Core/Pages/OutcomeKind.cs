namespace BlazorAuth.Pages;

/// <summary>What kind of thing happened, which decides which icon a page shows.</summary>
public enum OutcomeKind
{
    /// <summary>Something went wrong.</summary>
    Fault,

    /// <summary>Nothing went wrong; there is something to do first.</summary>
    Neutral,

    /// <summary>The person changed their mind.</summary>
    Cancelled,

    /// <summary>It works again after a while, or after starting over.</summary>
    Wait,

    /// <summary>The account does not have permission.</summary>
    NoAccess,

    /// <summary>It is done.</summary>
    Good,
}
