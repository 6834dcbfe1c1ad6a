using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using BlazorAuth.Tokens;

namespace BlazorAuth;

/// <content>Sessions that an Auth.js with the same secret began, and sign-outs with tokens that only their row can vouch for.</content>
public sealed partial class SessionManager
{
    /// <summary>
    /// A live session that was made of tokens of an Auth.js on a device of this name, and for which no BlazorAuth token has come back: a client that
    /// does not keep BlazorAuth's cookie, and sends what Auth.js mints, continues with it. Null when there is none that can be used.
    /// </summary>
    internal async Task<SessionRow?> FindAdoptedAsync(string userId, string? device, CancellationToken cancellationToken) =>
        (await _store.ListAsync(userId, PageSize, after: null, cancellationToken))
            .Where(record => record.IsAdopted && record.Device == device)
            .Select(_rows.Open)
            .FirstOrDefault(IsUsable);

    /// <summary>
    /// Whether such a session of a user was ended at this moment or later; a token from before may be a copy of one that belonged to it. The store may not have been told yet.
    /// </summary>
    /// <param name="userId">The user.</param>
    /// <param name="subject">The user's ID at the Auth.js.</param>
    /// <param name="since">The moment.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    internal async Task<bool> WasAdoptedOneEndedAsync(string userId, string subject, DateTimeOffset since, CancellationToken cancellationToken)
    {
        if (IsAuthJsSignOutKept(subject, since))
        {
            return true;
        }

        var live = await _store.ListAsync(userId, PageSize, after: null, cancellationToken);
        if (live.Any(record => record.IsAdopted && IsSignedOutHere(record) && !(_changes.Find(record.Id)?.ChangedAt < since)))
        {
            return true;
        }

        SessionRecord? last = null;
        for (var page = 0; page < MostHistoryPages; page++)
        {
            var records = await _store.ListHistoryAsync(userId, PageSize, last, cancellationToken);
            if (records.Any(record => record.IsAdopted && record.RevokedAt >= since))
            {
                return true;
            }

            last = records.Count < PageSize ? null : records[^1];
            if (last is null || (last.RevokedAt ?? last.CreatedAt) < since)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a sign-out with a token of an Auth.js about this person, from this moment or later, waits for the store: then it is not known yet which session it ends.</summary>
    internal bool IsAuthJsSignOutKept(string subject, DateTimeOffset since) => _activity.IsAuthJsKept(subject, since);

    /// <summary>Takes note that the row of a foreign token was found alive, with the ticket for its cookie. It is not renewed: the client may not keep the new cookie.</summary>
    internal void Adopt(KnownTicket known, SessionRow row)
    {
        var now = _clock.GetUtcNow();
        var ticket = known.Own.With(row.Record, row.Content!);
        if (_rows.MarkOf(row.Record) is { } mark)
        {
            var written = Lifetimes.WithTimes(ticket);
            written = ticket.With(written.IssuedAt, row.Record.ExpiresAt < written.ExpiresAt ? row.Record.ExpiresAt : written.ExpiresAt).From(mark);
            known.Saw(new Sight(written, mark.StoreId, now, IsWritten: true));
        }
    }

    /// <summary>
    /// Signs out, when the store responds, the session of a token that only its row can vouch for: whoever has an old secret can name any session. Until then it is
    /// accepted nowhere anyway, except for one that an Auth.js token stands for: its id is a hash that only the token's owner can compute, so it ends here at once.
    /// </summary>
    internal void EndUnproven(SessionTicket ticket, AuthJsToken? authJs)
    {
        if (!_activity.KeepUnproven(ticket, authJs, Lifetimes.Revocation(RevocationReason.SignedOut)))
        {
            _logger.UnprovenSignOutNotKept(StoreOutbox.MostUnproven, StoreOutbox.MostUnprovenOfUser);
            return;
        }

        _logger.UnprovenSignOutKept();
        if (authJs is not null)
        {
            _changes.Apply(new SessionChange(ticket.Id, Revoked: true, ticket.Version, Lifetimes.EndOfAnything, _clock.GetUtcNow()));
        }
    }
}
