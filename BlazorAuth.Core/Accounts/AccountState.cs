namespace BlazorAuth.Accounts;

/// <summary>What this node's own rounds have found out about the account store.</summary>
internal sealed class AccountState
{
    private volatile bool _isSilent;

    /// <summary>Whether the store did not respond the last time that it was asked.</summary>
    public bool IsSilent
    {
        get => _isSilent;
        set => _isSilent = value;
    }
}
