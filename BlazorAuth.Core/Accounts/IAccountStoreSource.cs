namespace BlazorAuth.Accounts;

/// <summary>A session store of ours whose database can hold users too.</summary>
internal interface IAccountStoreSource
{
    /// <summary>The users in the same database.</summary>
    IAccountStore Accounts { get; }
}
