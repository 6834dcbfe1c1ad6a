using System.Text.Json.Nodes;
using BlazorAuth.Sessions;
using BlazorAuth.Tokens;

namespace BlazorAuth;

/// <content>Whether a session is live: the fast check, and when the row is read.</content>
public sealed partial class SessionManager
{
    /// <summary>
    /// Whether the session of a token lives, with its newest claims. A hash look-up, unless only the row can tell: the token is of another store or under
    /// an old secret, older than <see cref="AuthSessionOptions.UpdateAge"/>, or its claims have changed.
    /// </summary>
    internal async ValueTask<SessionCheck> CheckAsync(KnownTicket known, CancellationToken cancellationToken, bool isUse = true)
    {
        var (ticket, now) = (known.Ticket, _clock.Earliest);
        if (Lifetimes.EndOf(ticket) <= now || known.Own.ExpiresAt <= now)
        {
            return SessionCheck.Refused(SessionRefusal.Expired);
        }

        if (IsFromBefore(ticket.SignedInAt))
        {
            return SessionCheck.Refused(SessionRefusal.BeforeLoss);
        }

        var change = _changes.Find(ticket.Id);
        if (change is { } end && end.IsOver(_clock.GetUtcNow()))
        {
            return SessionCheck.Refused(SessionRefusal.Revoked);
        }

        if (!_state.IsLoaded)
        {
            throw new SessionStoreException("The session store has not been read since this node started, so it is not known which sessions were revoked.");
        }

        if (known.IsCurrent && await IsLostAsync(known, cancellationToken))
        {
            return SessionCheck.Refused(SessionRefusal.BeforeLoss);
        }

        var isStale = change is { } newer && newer.Version > ticket.Version;
        var check = isStale || NeedsRow(known) ? await AskRowAsync(known, isStale, cancellationToken) : SessionCheck.Live(ticket);
        check = change is { ReplacedBy: not null } ? check with { IsReplaced = true } : check;
        if (isUse && check.Ticket is { } live)
        {
            Seen(live);
        }

        return check;
    }

    /// <summary>
    /// Whether only the row can vouch for a token now: neither the token itself, which was written with the first secret about a row of this store, nor
    /// a recent enough look at the row. A look is as good as a token of that moment: what was revoked since is known here.
    /// </summary>
    private bool NeedsRow(KnownTicket known)
    {
        var (storeId, at) = known.Sight is { } sight ? (sight.StoreId, sight.At)
            : (known.IsCurrent ? known.Ticket.Mark?.StoreId : null, known.Ticket.IssuedAt);
        return storeId is null || storeId != _state.StoreId || Lifetimes.IsDue(at) || (known.Sight is null && known.Own.IsAdopted) || IsRowLost(known);
    }

    /// <summary>
    /// Whether a token proves by itself whose session it is, so that it can be signed out without its row: it was written with the first secret about a row of this
    /// store, or its row was found here.
    /// </summary>
    internal bool IsProven(KnownTicket known) =>
        (known.Sight?.StoreId ?? (known.IsCurrent ? known.Own.Mark?.StoreId : null)) is { } id && (_state.StoreId is not { } ours || id == ours);

    private async ValueTask<SessionCheck> AskRowAsync(KnownTicket known, bool isStale, CancellationToken cancellationToken)
    {
        var storeId = _state.StoreId;
        SessionRow? row;
        try
        {
            row = await _rows.FindAsync(known.Ticket.Id, cancellationToken);
        }
        catch (SessionStoreException exception) when (!isStale && known.Sight is { } sight && sight.StoreId == storeId && sight.At >= _changes.Horizon)
        {
            // It was live before, and all revocations since then are known: a brief outage of the store signs nobody out.
            _logger.RowCheckFailed(exception, known.Ticket.Id);
            return SessionCheck.Live(known.Ticket);
        }

        // A token with outdated claims would restore rights that were removed.
        if (row is null && !isStale && _lostRows.MayBring(known))
        {
            row = await _lostRows.BringAsync(known, cancellationToken);
        }

        if (row is null || row.Record.UserId != known.Ticket.UserId)
        {
            return SessionCheck.Refused(SessionRefusal.Unknown);
        }

        if (_activity.IsUnprovenKept(row.Record.UserId, row.Record.Id))
        {
            return SessionCheck.Refused(SessionRefusal.Revoked);
        }

        var isEnding = TakeNoteOfEnd(row.Record);
        if (!isEnding && !row.Record.IsLive(_clock.Earliest))
        {
            return SessionCheck.Refused(row.Record.RevokedAt is null ? SessionRefusal.Expired : SessionRefusal.Revoked);
        }

        if (row.Content is not { } content)
        {
            _logger.RowNotOpened(row.Record.Id);
            return SessionCheck.Refused(SessionRefusal.Unsealed);
        }

        // A token without a valid number, or with forged times, passed the first check.
        var ticket = known.Ticket.With(row.Record, content);

        // Whoever has an old secret wrote that mark: nothing that is written under the first one may repeat it.
        ticket = known.IsCurrent ? ticket : ticket.From(null);
        if (IsFromBefore(row.Record, ticket.SignedInAt))
        {
            return SessionCheck.Refused(SessionRefusal.BeforeLoss);
        }

        if (storeId is not null)
        {
            known.Saw(new Sight(ticket, storeId, _clock.GetUtcNow(), IsWritten: false));
        }

        return SessionCheck.Live(ticket, row) with { IsReplaced = isEnding };
    }

    /// <summary>Whether a session whose row was read has to sign in again: it, or the last write to its row, is from before a loss.</summary>
    internal bool IsFromBefore(SessionRecord row, DateTimeOffset signedInAt) => row.Number <= _state.Losses.Floor || IsFromBefore(signedInAt);

    /// <summary>
    /// Whether a session began before what the operator named, or before a loss after which everybody signs in again. Sessions begin at whole seconds.
    /// </summary>
    internal bool IsFromBefore(DateTimeOffset signedInAt) =>
        Lifetimes.IsTooOld(signedInAt) || (_state.Losses.Floor >= 0 && signedInAt + TimeSpan.FromSeconds(1) <= _state.Losses.FloorAt);

    /// <summary>
    /// Whether a token is of a time that the store has lost without anybody who remembers what was revoked then. A token may be the first that shows such a
    /// loss: it tells of a write that the store did not know of when this node started, and does not know of now. Others say so by their number, at the cost
    /// of two comparisons.
    /// </summary>
    private async ValueTask<bool> IsLostAsync(KnownTicket known, CancellationToken cancellationToken)
    {
        if (known.Ticket.Mark is not { } mark || mark.StoreId != _state.StoreId)
        {
            return false;
        }

        if (known.Sight is null && mark.Number > _state.Losses.Floor && _state.IsBeyond(mark.Number, known.Ticket.IssuedAt)
            && !(await _store.FindAsync(known.Ticket.Id, cancellationToken) is { } row && row.Number >= mark.Number))
        {
            await _watch.FoundByTokenAsync(mark.Number, cancellationToken);
        }

        return mark.Number <= _state.Losses.Floor;
    }

    /// <summary>Whether the row of a token may have been lost since it was asked.</summary>
    private bool IsRowLost(KnownTicket known) =>
        known.Ticket.Mark is { } mark && _state.Losses.Any && _state.Losses.LostAt(mark.Number) is { } at && (known.Sight is not { } sight || sight.At <= at);
}
