using BlazorAuth.Sessions;
using BlazorAuth.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth;

/// <content>
/// Someone who is signed in and signs in again, or confirms who they are, gets another session, so that a copy of the previous one gains nothing
/// (ASVS 5 V7.2.4). The previous one stays valid for a moment, for requests and pages in progress.
/// </content>
public sealed partial class SessionManager
{
    /// <summary>How long a session may be used after another one took its place.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>Begins a session in the place of one that its person had; null when that one is not live any more.</summary>
    internal async Task<SessionTicket?> ReplaceAsync(
        string replacedSessionId, SessionTicket ticket, SessionOrigin origin, CancellationToken cancellationToken)
    {
        var remembered = Lifetimes.Revocation(RevocationReason.Replaced).RememberUntil;
        if (await _rows.ReplaceAsync(ticket, origin, replacedSessionId, Grace, remembered, cancellationToken) is not { } created)
        {
            // Something has ended it of which this node has not heard.
            await HearWhatElseEndedAsync();
            return null;
        }

        var now = _clock.GetUtcNow();
        _changes.Apply(new SessionChange(replacedSessionId, Revoked: false, Version: 0, Lifetimes.EndOfAnything, now) { ReplacedBy = created.Id, EndsAt = now + Grace });
        _logger.SessionReplaced(replacedSessionId, created.Id, created.Provider);
        await using (var scope = _scopes.CreateAsyncScope())
        {
            await AuthEventRunner.RunAsync(
                scope.ServiceProvider,
                events => events.SessionReplacedAsync(new SessionReplacedContext
                {
                    UserId = created.UserId, OldSessionId = replacedSessionId, Session = created.Session, Services = scope.ServiceProvider,
                }));
        }

        await LimitAsync(created);
        return created;
    }

    /// <summary>
    /// The live session that took the place of another one a moment ago, in this browser; null when there is none. Of two tabs that sign in at once both are
    /// signed in to it; a copy of the one before, in another browser, is not.
    /// </summary>
    internal async Task<SessionRow?> FindReplacementAsync(string replacedSessionId, string userId, string browser, CancellationToken cancellationToken)
    {
        return await _rows.FindAsync(replacedSessionId, cancellationToken) is { Record: var replaced } && replaced.UserId == userId && IsEnding(replaced)
            && await _rows.FindAsync(replaced.ReplacedBy!, cancellationToken) is { Content: { } content } row
            && row.Record.UserId == userId && IsLive(row.Record) && content.Browser == browser
                ? row
                : null;
    }

    /// <summary>The ticket of a session that can be used; null when there is none.</summary>
    internal async Task<SessionTicket?> FindTicketAsync(string sessionId, CancellationToken cancellationToken) =>
        await _rows.FindAsync(sessionId, cancellationToken) is { } row && IsUsable(row) ? TicketOf(row) : null;

    /// <summary>Whether the session of a row can be used.</summary>
    internal bool IsUsable(SessionRow? row) =>
        row is { Content: not null, Record: var record } && (IsLive(record) || (IsEnding(record) && !IsFromBefore(record, record.CreatedAt) && !IsSignedOutHere(record)));

    /// <summary>Whether a session whose row was read is live, and no other one took its place.</summary>
    internal bool IsLive(SessionRecord record) =>
        record.IsLive(_clock.Earliest) && Lifetimes.EndOf(record) > _clock.Earliest && !IsFromBefore(record, record.CreatedAt) && !IsSignedOutHere(record);

    /// <summary>Whether this node knows that a session has ended, although its row may not say so yet: the store could not be told.</summary>
    internal bool IsSignedOutHere(SessionRecord record) =>
        _changes.Find(record.Id)?.IsOver(_clock.GetUtcNow()) == true || _activity.IsUnprovenKept(record.UserId, record.Id);

    /// <summary>
    /// Whether a session that this node has just ended, for this reason, was live until then, so that another one may follow it. False when one had replaced it before,
    /// or when it was ended for another reason while the store could not be reached.
    /// </summary>
    internal async Task<bool> WasLiveAsync(string sessionId, RevocationReason reason, CancellationToken cancellationToken) =>
        WasLive(await _store.FindAsync(sessionId, cancellationToken), reason);

    internal static bool WasLive(SessionRecord? record, RevocationReason reason) =>
        record is { ReplacedBy: null } && (record.RevokedFor is null || record.RevokedFor == reason);

    /// <summary>The ticket of a row whose content was opened, without a cookie.</summary>
    internal SessionTicket TicketOf(SessionRow row) => new()
    {
        Id = row.Record.Id, UserId = row.Record.UserId, Provider = row.Content!.Provider, Claims = row.Content.Claims, Version = row.Record.Version,
        SignedInAt = row.Record.CreatedAt, AuthenticatedAt = row.Content.AuthenticatedAt, IssuedAt = row.Record.LastSeenAt, ExpiresAt = row.Record.ExpiresAt,
        Mark = _rows.MarkOf(row.Record), IsTransient = row.Content.IsTransient,
    };

    /// <summary>Whether the session was replaced and has not ended.</summary>
    internal bool IsEnding(SessionRecord record) => record.IsEnding(_clock.GetUtcNow());

    /// <summary>Whether another session took this one's place, as far as this node knows.</summary>
    internal bool IsReplaced(SessionTicket ticket) => _changes.Find(ticket.Id) is { ReplacedBy: not null };

    /// <summary>Whether a session that could not be renewed or changed was replaced, and has not ended: another node may have done it just now.</summary>
    internal async Task<bool> IsEndingAsync(SessionTicket ticket, CancellationToken cancellationToken) =>
        await _store.FindAsync(ticket.Id, cancellationToken) is { } record && record.UserId == ticket.UserId && TakeNoteOfEnd(record);

    /// <summary>Whether the store says that a session was ended or replaced. One that the store does not know is not over: it may have been lost.</summary>
    internal async Task<bool> IsOverAsync(SessionTicket ticket, CancellationToken cancellationToken) =>
        await _store.FindAsync(ticket.Id, cancellationToken) is { RevokedAt: not null };

    /// <summary>Whether a session that is about to be ended was replaced, as far as can be told: it is ended also while the store is silent.</summary>
    internal async Task<bool> WasReplacedAsync(SessionTicket ticket, CancellationToken cancellationToken)
    {
        try
        {
            return IsReplaced(ticket) || await IsEndingAsync(ticket, cancellationToken);
        }
        catch (SessionStoreException exception)
        {
            _logger.SignOutPostponed(exception, ticket.Id);
            return false;
        }
    }

    /// <summary>Ends what a user's sessions have replaced, on all nodes, ahead of its time.</summary>
    private async Task EndReplacedAsync(string userId, CancellationToken cancellationToken)
    {
        // Their end is still to come: nothing is more recent.
        for (var i = 0; i < MostHistoryPages; i++)
        {
            var page = await _store.ListHistoryAsync(userId, PageSize, cancellationToken: cancellationToken);
            var ending = page.TakeWhile(IsEnding).ToList();
            foreach (var record in ending)
            {
                await _store.RevokeAsync(userId, record.Id, Lifetimes.Revocation(RevocationReason.Replaced), cancellationToken);
                _changes.Apply(new SessionChange(record.Id, Revoked: true, record.Version, Lifetimes.EndOfAnything, _clock.GetUtcNow()));
            }

            if (ending.Count < PageSize)
            {
                return;
            }
        }
    }

    /// <summary>Whether a session was replaced and has not ended; this node knows it from then on.</summary>
    private bool TakeNoteOfEnd(SessionRecord record)
    {
        if (!IsEnding(record))
        {
            return false;
        }

        _changes.Apply(new SessionChange(record.Id, Revoked: false, record.Version, record.ExpiresAt, _clock.GetUtcNow())
        {
            ReplacedBy = record.ReplacedBy, EndsAt = record.RevokedAt,
        });
        return true;
    }
}
