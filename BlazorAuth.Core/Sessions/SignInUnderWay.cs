using System.Collections.Concurrent;

namespace BlazorAuth.Sessions;

/// <summary>A sign-in from its beginning on: whatever is decided about all sessions of its user meanwhile holds for it, too.</summary>
/// <param name="beganAt">When it began: with a provider, when the person was sent there, which may be minutes ago.</param>
internal sealed class SignInUnderWay(DateTimeOffset beganAt)
{
    private static readonly AsyncLocal<SignInUnderWay?> Here = new();

    // What its own callbacks decide does not mean it: an app may end all other sessions whenever somebody signs in.
    private readonly ConcurrentDictionary<(string UserId, AllSessions What), DateTimeOffset> _own = new();
    private readonly ConcurrentDictionary<(string UserId, AllSessions What), bool> _missed = new();

    /// <summary>The one in whose callbacks this code runs; null elsewhere.</summary>
    public static SignInUnderWay? Current => Here.Value;

    public DateTimeOffset BeganAt => beganAt;

    /// <summary>Begins one. Until the calling method ends, what is decided in it and in what it calls is its own.</summary>
    public static SignInUnderWay Begin(DateTimeOffset beganAt) => Here.Value = new SignInUnderWay(beganAt);

    /// <summary>Takes note that its own callbacks decide something.</summary>
    public void Decides(string userId, AllSessions what, DateTimeOffset at) => _own[(userId, what)] = at;

    public bool HasDecided(string userId, AllSessions what, DateTimeOffset at) => _own.TryGetValue((userId, what), out var own) && own == at;

    /// <summary>Takes note that somebody else has decided something of which it does not know.</summary>
    public void Misses(string userId, AllSessions what) => _missed[(userId, what)] = true;

    public bool HasMissed(string userId, AllSessions what) => _missed.ContainsKey((userId, what));
}
