namespace BlazorAuth;

/// <summary>
/// The session store cannot be used: it is unreachable, locked, full, or invalid. The message names the cause and the
/// remedy for the operator's log, and contains neither secrets nor personal data. Requests that need the store get a 503.
/// </summary>
public sealed class SessionStoreException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Cause and remedy, without secrets and personal data.</param>
    /// <param name="innerException">The store's own exception.</param>
    public SessionStoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
