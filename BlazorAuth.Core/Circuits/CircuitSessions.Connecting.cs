using BlazorAuth.Sessions;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Components.Authorization;

namespace BlazorAuth.Circuits;

/// <content>How circuits begin, connect again, and leave.</content>
internal sealed partial class CircuitSessions
{
    /// <summary>A circuit began, or connected again, with what its browser's cookie said when the browser connected.</summary>
    public async Task ConnectAsync(SessionStateProvider circuit, AuthenticationState state)
    {
        if (SessionIdentity.Of(state.User) is not { } told)
        {
            // Nobody is signed in on this browser any more: perhaps the session ended while the connection was down.
            EndOne(circuit, live => live.ExpiresAt <= _clock.Earliest ? SessionEndReason.Expired : SessionEndReason.SignedOut);
            return;
        }

        var ticket = told.Ticket;
        if (!IsBelieved(told))
        {
            circuit.Wait(ticket);
            if (await NewestOfAsync(told.Ticket) is not { } newest)
            {
                Refuse(circuit, told.Ticket);
                return;
            }

            ticket = newest;
        }

        if (TryEnter(circuit, ticket, ticket.IsNewerThan(told.Ticket) ? null : state))
        {
            return;
        }

        if (circuit.IsWaiting)
        {
            Refuse(circuit, ticket);
        }
        else
        {
            EndOne(circuit, _ => SessionEndReason.Replaced);
        }
    }

    /// <summary>Shows a session in a circuit. False, and nothing changed, when the circuit is another person's.</summary>
    public bool TryEnter(SessionStateProvider circuit, SessionTicket ticket, AuthenticationState? state = null)
    {
        LiveSession live;
        List<SessionStateProvider> behind;
        lock (_gate)
        {
            if (circuit.IsClosed || (circuit.OwnerId is { } owner && owner != ticket.UserId))
            {
                return false;
            }

            live = IndexOf(ticket);
            if (circuit.Live != live)
            {
                RemoveFromIndex(circuit);
                live.Add(circuit);
                circuit.Live = live;
            }

            // What the app added to the principal of this connection stays in its circuit.
            var isNews = state is not null && !live.Ticket.IsNewerThan(ticket) && circuit.Show(state);
            behind = ShowTo(live);
            if (isNews && !behind.Contains(circuit))
            {
                behind.Add(circuit);
            }
        }

        _news.Tell(behind);

        // The order matters: changes made before the circuit was in the index are found here; it is notified of later ones.
        if (_changes.Find(ticket.Id) is { } change)
        {
            OnChange(change);
        }

        if (MayHaveEndedLately(ticket.UserId))
        {
            _ = CheckRowAsync(live);
        }

        _expiry.Expect(live);
        return true;
    }

    private bool IsBelieved(SessionIdentity told) =>
        told.CheckedAt is { } at && at + Believed > _clock.GetUtcNow() && !_manager.IsOutdated(told.Ticket) && !_manager.IsFromBefore(told.Ticket.SignedInAt);

    /// <summary>
    /// What is known of the session of a connection now; null if it does not live. A client begins its circuit whenever it wants to, on a connection that may be older
    /// than all that is remembered of changes.
    /// </summary>
    private async Task<SessionTicket?> NewestOfAsync(SessionTicket told)
    {
        try
        {
            var known = new KnownTicket(told, isCurrent: told.Mark is not null);
            if ((await _manager.CheckAsync(known, CancellationToken.None)).Ticket is not { } live || !await _app.MayGoOnAsync(live.Session, CancellationToken.None))
            {
                return null;
            }

            return _manager.IsOutdated(live) ? (await _manager.CheckAsync(known, CancellationToken.None)).Ticket : live;
        }
        catch (Exception exception)
        {
            // Also errors of the app's own store: nothing may be shown without an answer.
            _logger.CircuitNotChecked(exception, told.Id);
            return null;
        }
    }

    /// <summary>A circuit is gone for good.</summary>
    public void Leave(SessionStateProvider circuit)
    {
        lock (_gate)
        {
            circuit.IsClosed = true;
            RemoveFromIndex(circuit);
        }
    }

    private void Refuse(SessionStateProvider circuit, SessionTicket ticket)
    {
        lock (_gate)
        {
            RemoveFromIndex(circuit);
            circuit.End(SessionEndReason.SignedOut, ticket);
        }

        _news.Tell([circuit]);
    }

    private void EndOne(SessionStateProvider circuit, Func<LiveSession, SessionEndReason> reason)
    {
        lock (_gate)
        {
            if (circuit.Live is not { } live)
            {
                return;
            }

            RemoveFromIndex(circuit);
            circuit.End(reason(live), live.Ticket);
        }

        _news.Tell([circuit]);
    }
}
