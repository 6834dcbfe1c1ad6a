using Microsoft.AspNetCore.Builder;

namespace BlazorAuth.Tests.Flows;

/// <content>A store in which something happens at the very moment.</content>
public sealed partial class ReplacedSessionTests
{
    private static async Task<(AuthApp App, MeddlingStore Store)> StartMeddlingAsync(Action<WebApplication> map)
    {
        MeddlingStore store = null!;
        var app = await StartAsync(setup =>
        {
            setup.Services = services => services.AddSingleton<ISessionStore>(store = new MeddlingStore(new MemorySessionStore(setup.Clock)));
            setup.Map = map;
        });
        return (app, store);
    }

    /// <summary>A session store in which something happens once, just before a session is replaced or ended, or just after it was replaced.</summary>
    private sealed class MeddlingStore(ISessionStore inner) : ForwardingStore(inner)
    {
        public Func<Task>? Meddle { get; set; }

        public Func<Task> AfterReplacing { get; set; } = () => Task.CompletedTask;

        public override async Task<SessionRecord?> ReplaceAsync(
            SessionRecord session, string replacedSessionId, TimeSpan grace, DateTimeOffset rememberUntil, CancellationToken cancellationToken = default)
        {
            await MeddleAsync();
            var replacement = await base.ReplaceAsync(session, replacedSessionId, grace, rememberUntil, cancellationToken);
            await AfterReplacing();
            return replacement;
        }

        public override async Task<RevokeResult> RevokeAsync(
            string userId, string sessionId, SessionRevocation revocation, CancellationToken cancellationToken = default)
        {
            await MeddleAsync();
            return await base.RevokeAsync(userId, sessionId, revocation, cancellationToken);
        }

        /// <summary>What happens instead of the next look at a row.</summary>
        public Exception? Fault { get; set; }

        public override Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken = default)
        {
            var fault = Fault;
            Fault = null;
            return fault is null ? base.FindAsync(sessionId, cancellationToken) : throw fault;
        }

        private Task MeddleAsync()
        {
            var meddle = Meddle;
            Meddle = null;
            return meddle?.Invoke() ?? Task.CompletedTask;
        }
    }
}
