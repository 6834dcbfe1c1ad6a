namespace BlazorAuth.Sync;

/// <content>Whether the signals of the store reach this node.</content>
internal sealed partial class StoreWatch
{
    private static readonly TimeSpan LongestEcho = TimeSpan.FromSeconds(1);

    private volatile Sent _sent = new("", new());
    private volatile bool _isListening;

    /// <summary>The subscription stands: from here on every mark that this node sends comes back.</summary>
    public void Listens() => _isListening = true;

    /// <summary>Waits a moment for the mark of the last round to come back as a signal.</summary>
    public async Task HearAsync(CancellationToken cancellationToken)
    {
        if (!_isListening || _sessions is not ISessionSignal)
        {
            return;
        }

        var isDeaf = false;
        try
        {
            await _sent.Came.Task.WaitAsync(LongestEcho, _clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            isDeaf = true;
        }

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
