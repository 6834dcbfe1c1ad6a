using System.Security.Claims;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Sessions;

/// <summary>What a request decides itself, what somebody else decides meanwhile, and since when it runs.</summary>
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

    // What the app has checked is from before; then it reads a slow body, or asks another service.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ASignInOfTheAppsOwnBeginsWithItsRequestWhateverItsHeadersSay(bool saysWebSocket)
    {
        TaskCompletionSource waits = new(), goes = new();
        await using var app = await AuthApp.StartAsync(setup => setup.Map += host => host.MapPost("/invitation", async (HttpContext http) =>
        {
            waits.SetResult();
            await goes.Task;
            await http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "user-7"), new Claim("name", "Ada")], "invitation")));
        }));
        using var browser = app.CreateBrowser();
        var answer = browser.FetchAsync(
            HttpMethod.Post, "/invitation", null, saysWebSocket ? [("Upgrade", "websocket"), ("Origin", app.Address.GetLeftPart(UriPartial.Authority))] : []);
        await waits.Task;
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await app.Sessions.RevokeUserAsync("user-7", RevocationReason.SignedOut, TestContext.Current.CancellationToken);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        goes.SetResult();
        await answer;

        Assert.Equal("null", await browser.SessionAsync());
    }
}
