namespace BlazorAuth.Stores.Postgres;

/// <summary>What a call is for: each kind has places of its own, so that none keeps another from its turn.</summary>
internal enum PostgresCall
{
    /// <summary>What people send.</summary>
    Anyones,

    /// <summary>The end of sessions.</summary>
    Ending,

    /// <summary>The node's own rounds.</summary>
    Own,
}
