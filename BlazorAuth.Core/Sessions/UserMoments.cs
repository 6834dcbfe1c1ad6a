using System.Globalization;
using BlazorAuth.Sync;

namespace BlazorAuth.Sessions;

/// <summary>
/// When something was decided last about all sessions of a user, those included that do not exist yet: a sign-in that is under way asks when its row is written. One
/// row for a user and a day, in nobody's list, however often it is decided.
/// </summary>
internal sealed class UserMoments(ISessionStore store, SharedClock clock)
{
    // Whoever asks asks about a sign-in that is under way.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>Takes note of it, on all nodes, before any session is looked for.</summary>
    public async Task NoteAsync(string userId, AllSessions what, CancellationToken cancellationToken)
    {
        // A store keeps milliseconds.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        SignInUnderWay.Noted(userId, what, now);
        var (name, id) = (NameOf(userId, what), IdOf(userId, what, now));
        var until = Midnight(now) + TimeSpan.FromDays(1) + Kept;
        if (await store.RenewAsync(name, id, now, until, cancellationToken) is not null)
        {
            return;
        }

        try
        {
            await store.CreateAsync(
                new SessionRecord
                {
                    Id = id, UserId = name, Provider = "unknown", Content = "", Version = 1, CreatedAt = Midnight(now), LastSeenAt = now, ExpiresAt = until,
                },
                cancellationToken);
        }
        catch (InvalidOperationException)
        {
            // Another call was faster.
            await store.RenewAsync(name, id, now, until, cancellationToken);
        }
    }

    /// <summary>Whether it was decided after some time in a sign-in, by anything but its own callbacks.</summary>
    public async Task<bool> IsLateAsync(string userId, AllSessions what, SignInUnderWay signIn, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var first = since > now - Kept ? since : now - Kept;
        for (var day = Midnight(first); day <= now; day = day.AddDays(1))
        {
            if (await store.FindAsync(IdOf(userId, what, day), cancellationToken) is { } row && row.LastSeenAt > since && !signIn.IsOwn(userId, what, row.LastSeenAt))
            {
                return true;
            }
        }

        return false;
    }

    private static DateTimeOffset Midnight(DateTimeOffset time) => new(time.UtcDateTime.Date, TimeSpan.Zero);

    // Names that no user can have.
    private static string NameOf(string userId, AllSessions what) => $"{EndOfAll.NameOf(userId)}:{what}";

    private static string IdOf(string userId, AllSessions what, DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"{NameOf(userId, what)}:{time.UtcDateTime:yyyy-MM-dd}");
}

/// <summary>What was decided about all sessions of a user. Rows of the store are called by these names.</summary>
internal enum AllSessions
{
    /// <summary>They end, but perhaps for one.</summary>
    Ended,

    /// <summary>They grant something else.</summary>
    Changed,
}
