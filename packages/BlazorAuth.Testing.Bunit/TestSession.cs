using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Testing;

/// <summary>The session of the page that a bUnit test renders. The page follows it, as in a live circuit.</summary>
public sealed class TestSession
{
    private readonly SessionHost _host;

    internal TestSession(SessionHost host) => _host = host;

    /// <summary>The session; <see langword="null"/> when nobody is signed in.</summary>
    public Session? Session => _host.Session;

    /// <summary>The clock that sessions use.</summary>
    public MovableClock Clock => _host.Clock;

    /// <summary>Ends the session, as a sign-out in another tab does: the page becomes anonymous and is covered.</summary>
    public async Task EndAsync() => await _host.Services.GetRequiredService<SessionManager>().RevokeUserAsync(Known().User.Id);

    /// <summary>Changes the claims of the session, as an administrator does; the page shows it.</summary>
    /// <param name="change">Changes them in place.</param>
    public async Task ChangeAsync(Action<JsonObject> change)
    {
        var session = Known();
        await _host.Services.GetRequiredService<SessionManager>().UpdateClaimsAsync(session.User.Id, session.Id, change);
    }

    private Session Known() => Session ?? throw new InvalidOperationException("Nobody is signed in in this test. Start with AddSession(\"ada\").");
}
