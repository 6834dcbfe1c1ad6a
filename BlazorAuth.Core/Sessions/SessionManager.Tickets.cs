using System.Text.Json.Nodes;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using BlazorAuth.Tokens;

namespace BlazorAuth;

/// <content>The operations on tickets, for the cookie, the endpoints and the circuits.</content>
public sealed partial class SessionManager
{
    /// <summary>The session was used, though no request carried its cookie.</summary>
    internal void Seen(SessionTicket ticket) => _activity.Seen(ticket, _clock.GetUtcNow());

    /// <summary>
    /// The ticket for a new cookie of a token whose row was just asked, or was asked before; null when the session no longer lives. A client that does not
    /// take the cookie gets it again, without another write to the store.
    /// </summary>
    internal async Task<SessionTicket?> ReissueAsync(KnownTicket known, SessionRow? row, CancellationToken cancellationToken)
    {
        if (known.Sight is { IsWritten: true } written)
        {
            return written.Ticket;
        }

        // The first BlazorAuth token that comes back for an adopted session makes it an ordinary one.
        var reissued = row is { IsSealedByFirst: true } && !known.Own.IsAdopted ? Lifetimes.WithTimesOf(known.Ticket, row.Record)?.From(_rows.MarkOf(row.Record)) : null;
        reissued ??= await RenewAsync(known.Ticket, cancellationToken);
        if (reissued?.Mark is { } mark)
        {
            known.Saw(new Sight(reissued, mark.StoreId, reissued.IssuedAt, IsWritten: true));
        }

        return reissued;
    }

    /// <summary>Whether a ticket was written a moment ago about a row of this store: renewing it would be a write for nothing.</summary>
    internal bool WasJustWritten(SessionTicket ticket) => !ticket.IsAdopted && ticket.Mark is { } mark && mark.StoreId == _state.StoreId && Lifetimes.WasJustWritten(ticket.IssuedAt);

    /// <summary>Does one thing at a time for a user, in the order in which it was asked for. What has begun is not cancelled.</summary>
    internal Task<T> OneAtATimeAsync<T>(string userId, Func<Task<T>> work, CancellationToken cancellationToken) => _rows.OneAtATimeAsync(userId, work, cancellationToken);

    /// <summary>Begins a client's update of a session; false when so many are under way that nothing more should begin.</summary>
    internal bool TryBeginUpdate(SessionTicket ticket) => _rows.TryBeginUpdate(ticket.Id);

    internal void EndUpdate(SessionTicket ticket) => _rows.EndUpdate(ticket.Id);

    /// <summary>A ticket with new times, moved forward in the store first; null when the session no longer lives.</summary>
    internal async Task<SessionTicket?> RenewAsync(SessionTicket ticket, CancellationToken cancellationToken)
    {
        var renewed = Lifetimes.WithTimes(ticket);
        return await _rows.RenewAsync(renewed, cancellationToken) is { Content: { } content, Record: var record }
            ? renewed.With(record, content).From(_rows.MarkOf(record))
            : null;
    }

    /// <summary>Begins a session; its ticket knows from then on where it comes from.</summary>
    internal async Task<SessionTicket> CreateAsync(SessionTicket ticket, SessionOrigin origin, CancellationToken cancellationToken)
    {
        var created = await _rows.CreateAsync(ticket, origin, cancellationToken);
        _logger.SessionCreated(ticket.Id, ticket.Provider);
        await LimitAsync(created);
        return created;
    }

    internal Task<IReadOnlyList<SessionRecord>> ListHistoryAsync(string userId, int count, CancellationToken cancellationToken, SessionRecord? after = null) =>
        _store.ListHistoryAsync(userId, count, after, cancellationToken);

    /// <summary>What a session granted; null when no secret opens it.</summary>
    internal JsonObject? ClaimsOf(SessionRecord record) => _rows.Open(record)!.Content?.Claims.DeepClone().AsObject();

    /// <summary>Erases what the ended sessions of a user granted, and their devices: what is left says only that they have ended.</summary>
    internal async Task EraseAsync(string userId, CancellationToken cancellationToken)
    {
        for (SessionRecord? last = null; ;)
        {
            var page = await _store.ListHistoryAsync(userId, PageSize, last, cancellationToken);
            foreach (var record in page)
            {
                await _store.EraseAsync(userId, record.Id, cancellationToken);
            }

            if (page.Count < PageSize)
            {
                return;
            }

            last = page[^1];
        }
    }

    /// <summary>Ends a session whose cookie nobody got, and keeps nothing of what it granted.</summary>
    internal async Task DiscardAsync(SessionTicket ticket, RevocationReason reason = RevocationReason.Banned)
    {
        if (await EndAsync(ticket, reason, erases: true))
        {
            await TellAsync(ticket.UserId, ticket.Id, reason);
        }
    }

    /// <summary>Tells every open page of a user that something about them changed which no session holds: the pages render again.</summary>
    internal async Task TellAsync(string userId, CancellationToken cancellationToken)
    {
        await foreach (var record in LiveOfAsync(userId, cancellationToken))
        {
            if (_rows.Open(record) is { Content: { } content } row)
            {
                // Another change in the meantime notifies them just as well.
                await UpdateAsync(row, content, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Ends the live sessions of a user that began with an account at a provider (at any provider if none is named), except one. Sessions whose account is not known
    /// end too. An account has the name of the provider that it was linked with: its sessions may have that of another one, which leads to the same people or had
    /// another name then. So a session with the account's id ends, whatever its provider, unless it belongs to another account.
    /// </summary>
    /// <param name="userId">Whose sessions.</param>
    /// <param name="provider">The account's provider.</param>
    /// <param name="providerAccountId">The account's id there.</param>
    /// <param name="others">The providers of the user's other accounts with the same id.</param>
    /// <param name="keptSessionId">The session that stays.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    internal async Task RevokeThoseOfAsync(
        string userId, string? provider, string providerAccountId, IReadOnlyCollection<string> others, string? keptSessionId, CancellationToken cancellationToken)
    {
        await foreach (var record in LiveOfAsync(userId, cancellationToken))
        {
            var began = _rows.Open(record)!.Content?.ProviderAccountId;
            var isOfProvider = provider is null || record.Provider == provider;
            if ((began is null ? isOfProvider : began == providerAccountId && (isOfProvider || !others.Contains(record.Provider))) && record.Id != keptSessionId)
            {
                await RevokeAsync(userId, record.Id, cancellationToken);
            }
        }

        // What was replaced a moment ago may have begun with the account, whatever its successor began with.
        await EndReplacedAsync(userId, cancellationToken);

        // With which account those began that the store has lost is unknown.
        await _lostRows.EndAllAsync(userId, Lifetimes.EndOfAnything, looks: true, cancellationToken);
    }

    internal Task<SessionRow?> FindAsync(string sessionId, CancellationToken cancellationToken) => _rows.FindAsync(sessionId, cancellationToken);

    /// <summary>The ticket with the newest claims of its session; null when it no longer lives.</summary>
    internal async Task<SessionTicket?> RefreshAsync(SessionTicket ticket, CancellationToken cancellationToken) =>
        await _rows.FindAsync(ticket.Id, cancellationToken) is { Content: { } content, Record: var record }
        && record.UserId == ticket.UserId && IsLive(record)
            ? ticket.With(record, content)
            : null;

    /// <summary>Signs a session out. When the store cannot be reached, the session is dead here at once, and the store is updated as soon as it responds.</summary>
    /// <param name="ticket">The session.</param>
    /// <param name="reason">Why it ends.</param>
    /// <param name="erases">Whether nothing is to be kept of what it granted.</param>
    /// <returns>False when it was over before.</returns>
    internal async Task<bool> EndAsync(SessionTicket ticket, RevocationReason reason = RevocationReason.SignedOut, bool erases = false)
    {
        var now = _clock.GetUtcNow();
        var wasOver = _changes.Find(ticket.Id)?.IsOver(now) == true;
        _changes.Apply(new SessionChange(ticket.Id, Revoked: true, ticket.Version, Lifetimes.EndOfAnything, now));
        try
        {
            var result = await _activity.RevokeAsync(ticket.UserId, ticket.Id, Lifetimes.Revocation(reason), erases);
            await HearWhatElseEndedAsync();
            return result == RevokeResult.Revoked && !wasOver;
        }
        catch (SessionStoreException exception)
        {
            _logger.SignOutPostponed(exception, ticket.Id);
            return !wasOver;
        }
    }

    /// <summary>Ends a session that nobody signed out: another one replaced it, or the app's token callback ended it. Raises the app's event.</summary>
    /// <returns>False when it was over before.</returns>
    internal async Task<bool> RevokeAsync(SessionTicket ticket, RevocationReason reason)
    {
        if (!await EndAsync(ticket, reason))
        {
            return false;
        }

        await TellAsync(ticket.UserId, ticket.Id, reason);
        return true;
    }
}
