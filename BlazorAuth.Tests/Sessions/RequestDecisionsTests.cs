using BlazorAuth.Sessions;

namespace BlazorAuth.Tests.Sessions;

/// <summary>What somebody else decides between two decisions of one request.</summary>
public sealed class RequestDecisionsTests
{
    [Fact]
    public void ASecondDecisionOfARequestDoesNotHideWhatSomebodyElseDecidedBetween()
    {
        var start = DateTimeOffset.UnixEpoch;
        var request = new RequestDecisions(start);
        request.Add("ada", AllSessions.Ended, start.AddSeconds(1), before: null);

        // Somebody else at 2 s, which the store has as the last one when the request decides again at 3 s.
        request.Add("ada", AllSessions.Ended, start.AddSeconds(3), before: start.AddSeconds(2));

        Assert.Equal(start.AddSeconds(2), request.LastOfOthers("ada", AllSessions.Ended, start.AddSeconds(3)));
    }

    [Fact]
    public void ItsOwnFirstDecisionIsNobodyElses()
    {
        var start = DateTimeOffset.UnixEpoch;
        var request = new RequestDecisions(start);
        request.Add("ada", AllSessions.Ended, start.AddSeconds(1), before: null);
        request.Add("ada", AllSessions.Ended, start.AddSeconds(3), before: start.AddSeconds(1));
        Assert.Null(request.LastOfOthers("ada", AllSessions.Ended, start.AddSeconds(3)));
    }
}
