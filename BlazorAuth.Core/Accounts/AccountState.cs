namespace BlazorAuth.Accounts;

/// <summary>What this node's own rounds and sign-ins have found out about the account store.</summary>
internal sealed class AccountState
{
    private volatile bool _isSilent;
    private volatile string? _writeFailure;

    /// <summary>Whether the store did not respond the last time that it was asked.</summary>
    public bool IsSilent
    {
        get => _isSilent;
        set
        {
            if (_isSilent && !value)
            {
                // The outage that is over was the reason.
                _writeFailure = null;
            }

            _isSilent = value;
        }
    }

    /// <summary>Why the store did not write the last user or account, although it may respond otherwise: its disk is full, or it may be read only. Null when it did.</summary>
    public string? WriteFailure => _writeFailure;

    /// <summary>Carries out a write of a user or an account, and notes why the store did not. The rounds write to other columns, if at all: they would not notice.</summary>
    public async Task<T> WriteAsync<T>(Func<Task<T>> write)
    {
        try
        {
            var result = await write();
            _writeFailure = null;
            return result;
        }
        catch (SessionStoreException exception)
        {
            _writeFailure = exception.Message;
            throw;
        }
    }
}
