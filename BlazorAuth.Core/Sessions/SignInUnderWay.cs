using System.Collections.Concurrent;

namespace BlazorAuth.Sessions;

/// <summary>A sign-in from its beginning on: whatever is decided about all sessions of its user meanwhile holds for it, too.</summary>
/// <param name="beganAt">When it began: with a provider, when the person was sent there, which may be minutes ago.</param>
internal sealed class SignInUnderWay(DateTimeOffset beganAt)
{
    private static readonly AsyncLocal<SignInUnderWay?> Here = new();

    // What its own callbacks decide does not mean it: an app may end all other sessions whenever somebody signs in.
    private readonly ConcurrentDictionary<(string UserId, AllSessions What), DateTimeOffset> _own = new();

    public DateTimeOffset BeganAt => beganAt;

    /// <summary>Begins one. Until the calling method ends, what is decided in it and in what it calls is its own.</summary>
    public static SignInUnderWay Begin(DateTimeOffset beganAt) => Here.Value = new SignInUnderWay(beganAt);

    /// <summary>Takes note that something was decided, if a sign-in's own callbacks do it.</summary>
    public static void Noted(string userId, AllSessions what, DateTimeOffset at)
    {
        if (Here.Value is { } signIn)
        {
            signIn._own[(userId, what)] = at;
        }
    }

    /// <summary>Whether its own callbacks have decided this.</summary>
    public bool IsOwn(string userId, AllSessions what, DateTimeOffset at) => _own.TryGetValue((userId, what), out var own) && own == at;
}
