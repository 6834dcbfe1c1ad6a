using System.Globalization;
using BlazorAuth.Sync;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Sessions;

/// <summary>
/// When something was decided last about all sessions of a user, those included that do not exist yet: a sign-in that is under way asks when its row is written. One
/// row for a user and a day, in nobody's list, however often it is decided.
/// </summary>
internal sealed class UserMoments(ISessionStore store, IOptions<AuthOptions> options, SharedClock clock)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    // Longer than any sign-in is under way. Tokens of an Auth.js are sign-ins from as long ago as they live.
    private readonly TimeSpan _kept =
        options.Value.Session is { AcceptAuthJsTokens: false, AcceptNextAuth4Cookies: false } ? Day : Day + options.Value.Session.AbsoluteLifetime;

    /// <summary>Takes note of it, on all nodes, before any session is looked for.</summary>
    public async Task NoteAsync(string userId, AllSessions what, CancellationToken cancellationToken)
    {
        // A store keeps milliseconds.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        if (RequestDecisions.Current is { } request)
        {
            request.Add(userId, what, now, await LatestAsync(userId, what, now - Day, now, cancellationToken));
        }

        var (name, id, midnight) = (NameOf(userId, what), IdOf(userId, what, now), Midnight(now));
        var until = midnight + Day + _kept;
        if (await store.RenewAsync(name, id, now, until, cancellationToken) is not null)
        {
            return;
        }

        try
        {
            await store.CreateAsync(
                new SessionRecord
                {
                    Id = id, UserId = name, Provider = "unknown", Content = "", Version = 1, CreatedAt = midnight, LastSeenAt = now, ExpiresAt = until,
                },
                cancellationToken);
        }
        catch (InvalidOperationException)
        {
            // Another call was faster.
            await store.RenewAsync(name, id, now, until, cancellationToken);
        }
    }

    /// <summary>Whether it was decided after some time, by anything but this request; also when that is no longer known.</summary>
    public async Task<bool> IsSinceAsync(string userId, AllSessions what, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (time < now - Day)
        {
            return true;
        }

        var last = await LatestAsync(userId, what, time, now, cancellationToken);
        return (RequestDecisions.Current is { } request ? request.LastOfOthers(userId, what, last) : last) > time;
    }

    /// <summary>When it was decided last; null if that is longer ago than is remembered.</summary>
    public async Task<DateTimeOffset?> LastAsync(string userId, AllSessions what, CancellationToken cancellationToken) =>
        await store.ListAsync(NameOf(userId, what), 1, cancellationToken: cancellationToken) is [{ LastSeenAt: var last }] ? last : null;

    private async Task<DateTimeOffset?> LatestAsync(string userId, AllSessions what, DateTimeOffset since, DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset? latest = null;
        for (var day = Midnight(since); day <= now; day += Day)
        {
            latest = (await store.FindAsync(IdOf(userId, what, day), cancellationToken))?.LastSeenAt ?? latest;
        }

        return latest;
    }

    private static DateTimeOffset Midnight(DateTimeOffset time) => new(time.UtcDateTime.Date, TimeSpan.Zero);

    private static string IdOf(string userId, AllSessions what, DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"{NameOf(userId, what)}:{time.UtcDateTime:yyyy-MM-dd}");

    // A name that no user can have.
    private static string NameOf(string userId, AllSessions what) => $"{EndOfAll.NameOf(userId)}:{what}";
}

/// <summary>What was decided about all sessions of a user. Rows of the store are called by these names.</summary>
internal enum AllSessions
{
    /// <summary>They end, but perhaps for one.</summary>
    Ended,

    /// <summary>They grant something else.</summary>
    Changed,
}
