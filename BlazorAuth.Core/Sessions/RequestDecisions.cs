using System.Collections.Concurrent;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Sessions;

/// <summary>
/// What a request itself decides about all sessions of a user: the sign-in that it completes knows of it. An app may end all other sessions whenever somebody signs
/// in, in a callback, in an event of a handler, or on a page of its own.
/// </summary>
internal sealed class RequestDecisions(DateTimeOffset beganAt)
{
    private static readonly AsyncLocal<RequestDecisions?> Here = new();

    private readonly Lazy<ConcurrentDictionary<(string UserId, AllSessions What), Decision>> _decisions = new(() => new());

    private volatile bool _isOver;

    /// <summary>Those of the request in which this code runs, which in a circuit is its connection; null outside of requests.</summary>
    public static RequestDecisions? Current => Here.Value is { _isOver: false } request ? request : null;

    /// <summary>When the request began: whatever it has checked, it has checked since.</summary>
    public DateTimeOffset BeganAt => beganAt;

    /// <summary>Takes note of a decision, and of the last one before, which hides behind it.</summary>
    public void Add(string userId, AllSessions what, DateTimeOffset at, DateTimeOffset? before) =>
        _decisions.Value.AddOrUpdate((userId, what), new Decision(at, before), (_, own) => new Decision(at, before == own.At ? own.Before : before));

    /// <summary>The last decision that was not this request's.</summary>
    public DateTimeOffset? LastOfOthers(string userId, AllSessions what, DateTimeOffset? last) =>
        _decisions.IsValueCreated && _decisions.Value.TryGetValue((userId, what), out var own) && own.At == last ? own.Before : last;

    private sealed record Decision(DateTimeOffset At, DateTimeOffset? Before);

    /// <summary>Begins with every request.</summary>
    internal sealed class Filter(SharedClock clock) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(RunAsync);
            next(app);
        };

        private async Task RunAsync(HttpContext http, RequestDelegate next)
        {
            var request = Here.Value = new RequestDecisions(clock.GetUtcNow());
            try
            {
                await next(http);
            }
            finally
            {
                request._isOver = true;
            }
        }
    }
}

/// <summary>When the sign-in began that this request completes: with a provider, when the person was sent there, which may be minutes ago.</summary>
internal sealed record SignInStart(DateTimeOffset At);
