using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sync;

/// <summary>Says once when the clocks of this machine and of the store go apart, and once when they agree again.</summary>
internal sealed class ClockWatch(SharedClock clock, ILogger<ClockWatch> logger)
{
    private State _state;

    private enum State
    {
        Fine,
        Apart,
        SetForward,
        Doubtful,
    }

    /// <summary>What is worth knowing, though nothing may be wrong: an app that stood still for a while can't tell that from a clock that was set forward.</summary>
    public string? Note =>
        _state == State.SetForward ? "This machine's clock was set forward, or the app was not used for a while. Expired data is not removed for a day (event 445)." : null;

    /// <summary>What is wrong with the clocks, for the health report; null when nothing is.</summary>
    public string? Problem => _state switch
    {
        State.Apart => "The clocks of this machine and of the session store are more than a minute apart. Set them by NTP.",
        State.Doubtful => "The clocks of this machine and of the session store are more than an hour apart. Nothing expires unless both say so, and nothing is removed. Set them by NTP.",
        _ => null,
    };

    public void Look(bool isStores)
    {
        var skew = clock.Skew;
        var state = clock.IsDoubtful ? State.Doubtful
            : skew.Duration() > SharedClock.Noticeable ? State.Apart
            : clock.WasSetForward ? State.SetForward
            : State.Fine;
        if (state == _state)
        {
            return;
        }

        _state = state;
        switch (state)
        {
            case State.Doubtful:
                logger.ClocksDisagree((long)skew.TotalSeconds);
                break;
            case State.Apart:
                logger.ClocksApart((long)skew.TotalSeconds);
                break;
            case State.SetForward:
                logger.ClockSetForward();
                break;
            default:
                logger.ClocksAgree(isStores);
                break;
        }
    }
}
