namespace BlazorAuth;

/// <summary>The set-up cannot work. The message names what to do, a line for each mistake.</summary>
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

    /// <summary>The message alone: it is what an operator sees when the app does not start, and the way through the platform's start says nothing about the mistake.</summary>
    /// <returns>What is wrong and what to do.</returns>
    public override string ToString() => $"BlazorAuth cannot start.{Environment.NewLine}{Message}";
}
