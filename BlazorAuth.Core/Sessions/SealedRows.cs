using BlazorAuth.Sync;
using BlazorAuth.Tokens;

namespace BlazorAuth.Sessions;

/// <summary>The rows of the store: what they grant is sealed on the way in and opened on the way out.</summary>
internal sealed class SealedRows(ISessionStore store, SessionSeal seal, StoreState state, WriteLines lines)
{
    /// <summary>Begins a session, and returns its ticket with the mark of the write.</summary>
    public async Task<SessionTicket> CreateAsync(SessionTicket ticket, SessionOrigin origin, CancellationToken cancellationToken) =>
        ticket.From(Begun(await state.WriteSignInAsync(() => store.CreateAsync(RecordOf(ticket, origin), cancellationToken))));

    /// <summary>Begins a session in the place of another; null when that one is not live.</summary>
    public async Task<SessionTicket?> ReplaceAsync(
        SessionTicket ticket, SessionOrigin origin, string replacedSessionId, TimeSpan grace, DateTimeOffset rememberUntil, CancellationToken cancellationToken) =>
        await state.WriteSignInAsync(() => store.ReplaceAsync(RecordOf(ticket, origin), replacedSessionId, grace, rememberUntil, cancellationToken)) is { } created
            ? ticket.From(Begun(created))
            : null;

    /// <summary>Returns a session, revoked or expired ones included; null when there is none.</summary>
    public async Task<SessionRow?> FindAsync(string sessionId, CancellationToken cancellationToken) =>
        Open(await store.FindAsync(sessionId, cancellationToken));

    public async Task<IReadOnlyList<SessionRow>> ListAsync(string userId, int count, SessionRecord? after, CancellationToken cancellationToken) =>
        [.. (await store.ListAsync(userId, count, after, cancellationToken)).Select(record => Open(record)!)];

    /// <summary>Gives a session a longer life, seals its row again if that is due, and returns it; null when it does not live.</summary>
    public Task<SessionRow?> RenewAsync(SessionTicket renewed, CancellationToken cancellationToken) => lines.RenewAsync(
        renewed,
        async token =>
        {
            var row = Open(await store.RenewAsync(renewed.UserId, renewed.Id, renewed.IssuedAt, renewed.ExpiresAt, token));
            await SealAgainAsync(row, token);
            return row;
        },
        cancellationToken);

    /// <summary>Replaces what a session grants; null when it is not live, or another change came first.</summary>
    public Task<SessionRow?> UpdateAsync(SessionRecord before, RowContent content, CancellationToken cancellationToken) =>
        lines.WriteAsync(before.Id, token => WriteAsync(before, content, token), cancellationToken);

    /// <summary>
    /// Reads a session and replaces what it grants in one turn: no other change on this node comes between, however many a client asks for. Another node's may, and
    /// then it is read again.
    /// </summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="change">What it grants from now on; null if nothing is to be written.</param>
    /// <param name="cancellationToken">Cancels the wait for the turn.</param>
    /// <returns>The newest row, and whether it was written.</returns>
    public async Task<(SessionRow? Row, bool IsWritten)> ChangeAsync(string sessionId, Func<SessionRow, RowContent?> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (row, written) = await lines.WriteAsync(
                sessionId,
                async token =>
                {
                    var found = await FindAsync(sessionId, token);
                    return found is null || change(found) is not { } content ? (found, found) : (found, await WriteAsync(found.Record, content, token));
                },
                cancellationToken,
                isFromOutside: true);
            if (row is null || written is not null)
            {
                return (written, !ReferenceEquals(written, row));
            }
        }
    }

    private async Task<SessionRow?> WriteAsync(SessionRecord before, RowContent content, CancellationToken cancellationToken) =>
        await store.UpdateAsync(before.Id, before.Version, seal.Seal(content, before.Id, before.UserId, before.Version + 1), cancellationToken) is { } record
            ? new SessionRow(record, content, IsSealedByFirst: true)
            : null;

    /// <summary>Seals a row under the first secret if another one did. This is not reported as a change: it grants what it granted.</summary>
    public async Task<bool> SealAgainAsync(SessionRow? row, CancellationToken cancellationToken) =>
        row is { Content: { } content, IsSealedByFirst: false, Record: var record }
        && await store.RewriteAsync(record.Id, record.Version, seal.Seal(content, record.Id, record.UserId, record.Version), cancellationToken);

    /// <summary>
    /// Replaces what only the row contains of a session. This is not reported as a change: it grants what it granted. False when something else
    /// changed it first.
    /// </summary>
    public Task<bool> RewriteAsync(SessionRecord record, RowContent content, CancellationToken cancellationToken) =>
        store.RewriteAsync(record.Id, record.Version, seal.Seal(content, record.Id, record.UserId, record.Version), cancellationToken);

    /// <summary>Does one thing at a time for a user: what one person asks for takes one place at the store, not all.</summary>
    public Task<T> OneAtATimeAsync<T>(string userId, Func<Task<T>> work, CancellationToken cancellationToken) =>
        lines.WriteAsync("user " + userId, _ => work(), cancellationToken);

    /// <summary>Begins a client's update of a session; false when too many are under way.</summary>
    public bool TryBeginUpdate(string sessionId) => lines.TryBegin(sessionId);

    public void EndUpdate(string sessionId) => lines.End(sessionId);

    public SessionRow? Open(SessionRecord? record) => record is null ? null : new SessionRow(record, seal.Open(record, out var isFirst), isFirst);

    /// <summary>Where a ticket of this row comes from; null while it is unknown which store it is.</summary>
    public StoreMark? MarkOf(SessionRecord record)
    {
        state.Wrote(record.Number);
        return state.StoreId is { } id ? new StoreMark(id, record.Number) : null;
    }

    private StoreMark? Begun(SessionRecord record)
    {
        state.SignInWritten();
        return MarkOf(record);
    }

    private SessionRecord RecordOf(SessionTicket ticket, SessionOrigin origin) => EndOfAll.IsName(ticket.UserId) ? throw new ArgumentException("Nobody may have this user id.", nameof(ticket)) : new()
    {
        Id = ticket.Id,
        UserId = ticket.UserId,
        Provider = ticket.Provider,
        Content = seal.Seal(
            new RowContent(ticket.Provider, origin.ProviderAccountId, ticket.AuthenticatedAt, ticket.Claims)
            {
                Browser = origin.Browser, IsTransient = ticket.IsTransient, Stamp = origin.Stamp,
            },
            ticket.Id, ticket.UserId, ticket.Version),
        Version = ticket.Version,
        CreatedAt = ticket.SignedInAt,
        LastSeenAt = ticket.IssuedAt,
        ExpiresAt = ticket.ExpiresAt,
        Device = origin.Device,
        IsAdopted = origin.IsAdopted,
    };
}
