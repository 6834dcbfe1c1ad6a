using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Sync;

/// <summary>
/// Looks every few seconds whether the store can be written and read, what time it has, and whether it still is what it was: a store that came back from a
/// snapshot, a replica or a copy does not know what this node wrote. What was lost is given back as far as nodes remember it; where they do not, everybody
/// signs in again.
/// </summary>
internal sealed partial class StoreWatch : IDisposable
{
    private readonly ISessionStore _sessions;
    private readonly IWatchedStore? _store;
    private readonly ChangeReader _reader;
    private readonly KnownChanges _changes;
    private readonly ProtectionKeyRepository _keys;
    private readonly StoreState _state;
    private readonly SharedClock _clock;
    private readonly ClockWatch _clockWatch;
    private readonly AuthSessionOptions _options;
    private readonly ILogger<StoreWatch> _logger;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly string _node = SessionChangeSet.NewStoreId();
    private DateTimeOffset _startedAt = DateTimeOffset.MaxValue;
    private long _sequence;
    private long _acknowledged;
    private Found? _found;
    private bool _wasTold;
    private bool _isUnsaid;

    public StoreWatch(
        ISessionStore sessions, ChangeReader reader, KnownChanges changes, ProtectionKeyRepository keys, StoreState state, SharedClock clock,
        ClockWatch clockWatch, IOptions<AuthOptions> options, ILogger<StoreWatch> logger)
    {
        (_sessions, _store, _reader, _changes, _keys, _state, _clock, _clockWatch) = (sessions, sessions as IWatchedStore, reader, changes, keys, state, clock, clockWatch);
        (_options, _logger) = (options.Value.Session, logger);
        if (_store is not null)
        {
            _store.OnMarkReceived = Hear;
        }
    }

    /// <summary>How long a loss concerns anybody: no token is older.</summary>
    private TimeSpan Kept => _options.AbsoluteLifetime + TimeSpan.FromDays(1);

    /// <summary>One round: looks at the store, reads what is new (<paramref name="all"/>: everything), and finishes what a loss left to do.</summary>
    public async Task RoundAsync(bool all, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_state.IsLoaded)
            {
                await _sessions.InitializeAsync(cancellationToken);
            }

            var (id, number) = (_state.StoreId, _state.Number);
            var look = _store is null ? (StoreLook?)null : await LookAsync(_store, cancellationToken);
            var isOther = look is { } seen && id is not null && seen.StoreId != id;
            if (look is { } store && id == store.StoreId)
            {
                Compare(store, number);
            }

            var isNews = look is { } told && await LearnAsync(told, isOther, cancellationToken);
            await (all || isOther || isNews || _found is not null ? _reader.ReadAllAsync(cancellationToken) : _reader.ReadNewAsync(cancellationToken));
            await _keys.SyncAsync(cancellationToken);
            await ReportAsync(_reader.TakeLoss(), isOther, cancellationToken);
            await BeginAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// A token from before this node's start tells of a write that the store did not know of at the start. No node saw the loss, so it is unknown what was revoked
    /// meanwhile: all tokens from before sign in again.
    /// </summary>
    public async Task FoundByTokenAsync(long number, CancellationToken cancellationToken)
    {
        if (_store is null)
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (number > _state.Losses.Floor)
            {
                await NoteAsync(_store, new Found(0, Math.Max(number, _state.Number), IsVouched: false, _clock.GetUtcNow(), _clock.GetTimestamp()), cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<StoreLook> LookAsync(IWatchedStore store, CancellationToken cancellationToken)
    {
        var mark = new NodeMark(_node, ++_sequence, _startedAt);
        Send(mark);
        var look = await store.LookAsync(mark, cancellationToken);
        if (look.Time is { } time)
        {
            _clock.Saw(time);
        }
        else
        {
            _clock.SawNone(_acknowledged == 0 ? look.Last?.At : null);
        }

        if (_startedAt == DateTimeOffset.MaxValue)
        {
            _startedAt = look.Time ?? _clock.GetUtcNow();
        }

        _clockWatch.Look(look.Time is not null);
        return look;
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (_state.HasBegun)
        {
            return;
        }

        if (_store is not null && _options.NotBefore is { } notBefore && !_state.Losses.HasUnvouchedSince(notBefore))
        {
            var before = _state.Losses;
            var losses = before.With(0, _state.Number, StoreLossKind.Setting, _clock.GetUtcNow(), Kept);
            if (await _store.NoteLossAsync(before.Text, losses.Text, losses.Last, cancellationToken))
            {
                _state.Losses = losses;
                Say(before);
            }
        }

        _state.Began(Math.Max(_state.Number, _state.Losses.Any ? _state.Losses.Last : 0));
        _logger.StoreLoaded(_changes.Count);
    }
}
