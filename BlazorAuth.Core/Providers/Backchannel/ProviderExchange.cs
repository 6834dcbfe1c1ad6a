using System.Net;

namespace BlazorAuth.Providers.Backchannel;

/// <summary>
/// What this server and a provider said to each other during one request: enough to tell "the provider is down" from "the answer was refused", and
/// to say in the log why a sign-in failed. It holds no token, code or address of a person.
/// </summary>
internal sealed class ProviderExchange
{
    private static readonly AsyncLocal<ProviderExchange?> Running = new();

    private readonly List<string> _missing = [];

    /// <summary>The exchange of the request; null outside BlazorAuth's endpoints.</summary>
    public static ProviderExchange? Current => Running.Value;

    /// <summary>The last call that failed: the provider's host, the path that was called and the answer's status, which is 0 where nobody answered.</summary>
    public (string Host, string Path, int Status)? FailedCall { get; private set; }

    /// <summary>Whether a call found nobody, or a server that failed.</summary>
    public bool IsUnavailable => FailedCall is { Status: 0 or >= 500 or (int)HttpStatusCode.TooManyRequests };

    /// <summary>The error that the response to a backchannel call named (RFC 6749 §5.2), and its description; as they came.</summary>
    public (string Error, string? Description)? Error { get; set; }

    /// <summary>What is wrong, if BlazorAuth itself detected it.</summary>
    public ProviderProblem? Problem { get; set; }

    /// <summary>The subject of the id token that was checked; null before.</summary>
    public string? Subject { get; set; }

    /// <summary>Whether an id token was found good by our own rules.</summary>
    public bool IsIdTokenChecked { get; set; }

    /// <summary>Whether the token endpoint has answered: an id token before that came through the browser.</summary>
    public bool HasTokens { get; set; }

    /// <summary>What an optional call did not bring.</summary>
    public IReadOnlyList<string> Missing => _missing;

    /// <summary>Begins to take notes for the request.</summary>
    public static ProviderExchange Begin() => Running.Value = new ProviderExchange();

    public void Note(Uri? address, int status) => FailedCall = (address?.Host ?? "", address?.AbsolutePath ?? "", status);

    /// <summary>Takes over why a call failed that was made for several requests at once.</summary>
    public void TakeFailure(ProviderExchange shared) => (FailedCall, Error, Problem) = (shared.FailedCall, shared.Error, shared.Problem);

    /// <summary>Takes note that a call which failed was not needed, or that another one took its place.</summary>
    public void Forgive(string? missing = null)
    {
        (FailedCall, Error) = (null, null);
        if (missing is not null)
        {
            _missing.Add(missing);
        }
    }
}

/// <summary>What is wrong with a provider or with its settings.</summary>
/// <param name="Text">What is wrong, for the log.</param>
/// <param name="Setting">What to change; null when nothing here does.</param>
internal sealed record ProviderProblem(string Text, string? Setting = null);

/// <summary>A response that cannot be used. The message is BlazorAuth's own, and contains no secrets from the response.</summary>
internal sealed class ProviderAnswerException(string message, Exception? inner = null) : Exception(message, inner);
