namespace BlazorAuth.Sync;

/// <content>Whether the signals of the store reach this node.</content>
internal sealed partial class StoreWatch
{
    private static readonly TimeSpan LongestEcho = TimeSpan.FromSeconds(1);

    // One signal that is late is no reason for anybody to look.
    private const int MissesInARow = 2;

    private volatile Sent _sent = new("", NewReturn());
    private volatile bool _isListening;
    private int _missed;

    /// <summary>The subscription stands: from here on every mark that this node sends comes back.</summary>
    public void Listens() => _isListening = true;

    /// <summary>Waits a moment for the mark of the last round to come back as a signal.</summary>
    public async Task HearAsync(CancellationToken cancellationToken)
    {
        if (!_isListening || _sessions is not ISessionSignal)
        {
            return;
        }

        try
        {
            await _sent.Came.Task.WaitAsync(LongestEcho, _clock, cancellationToken);
            _missed = 0;
        }
        catch (TimeoutException)
        {
            _missed++;
        }

        var isDeaf = _missed >= MissesInARow;
        if (isDeaf != _state.IsDeaf)
        {
            _state.IsDeaf = isDeaf;
            if (isDeaf)
            {
                _logger.SignalsMissing();
            }
            else
            {
                _logger.SignalsHeardAgain();
            }
        }
    }

    // A round of another loop may send its mark before the last one has come back: whoever waits for that hears the new one.
    private void Send(NodeMark mark) => _sent = new Sent(mark.ToString(), _sent.Came.Task.IsCompleted ? NewReturn() : _sent.Came);

    private static TaskCompletionSource NewReturn() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Hear(string mark)
    {
        var (text, came) = _sent;
        if (text == mark)
        {
            came.TrySetResult();
        }
    }

    /// <summary>A mark that was sent, and its return.</summary>
    private sealed record Sent(string Mark, TaskCompletionSource Came);
}
