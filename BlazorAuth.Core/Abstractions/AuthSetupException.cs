namespace BlazorAuth;

/// <summary>The app is not set up correctly. The message says what to do, one line for each mistake.</summary>
public sealed class AuthSetupException : Exception
{
    /// <summary>Creates the exception.</summary>
    public AuthSetupException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    public AuthSetupException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public AuthSetupException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Only the message: this is what an operator sees when the app does not start, and the stack trace says nothing about the mistake.</summary>
    /// <returns>What is wrong and what to do.</returns>
    public override string ToString() => $"BlazorAuth cannot start.{Environment.NewLine}{Message}";
}
