using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAuth.Tests.Nodes;

/// <summary>A node that is ended with <c>kill -9</c> while many people sign out.</summary>
internal static class KilledNode
{
    private const int Sessions = 300;
    private const int KilledAfter = 60;

    public static async Task AssertKeepsItsWordAsync(string store)
    {
        await using var witness = await StoreNode.StartAsync(store);
        List<(SessionTicket Ticket, string Cookie)> sessions = [];
        for (var i = 0; i < Sessions; i++)
        {
            sessions.Add(await witness.SignInAsync($"user{i}"));
        }

        await using var node = await AppNode.StartAsync(store, "http://localhost");
        var acknowledged = new ConcurrentBag<string>();
        var count = 0;
        await Parallel.ForEachAsync(sessions, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (session, _) =>
        {
            try
            {
                using var answer = await node.Client.SignOutAsync(session.Cookie);
                Assert.Equal(System.Net.HttpStatusCode.Found, answer.StatusCode);
                acknowledged.Add(session.Ticket.Id);
                if (Interlocked.Increment(ref count) == KilledAfter)
                {
                    await node.KillAsync();
                }
            }
            catch (HttpRequestException)
            {
                // Killed: nobody was told that this one succeeded.
            }
        });

        Assert.InRange(acknowledged.Count, KilledAfter, Sessions - 1);
        await using var later = await StoreNode.StartAsync(store);
        Assert.Equal(HealthStatus.Healthy, await later.HealthAsync());
        Assert.All(acknowledged, id => Assert.True(later.Changes().Find(id) is { Revoked: true }));
        Assert.Contains(sessions, session => later.Changes().Find(session.Ticket.Id) is null);
    }
}
