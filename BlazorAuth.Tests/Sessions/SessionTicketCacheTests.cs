using System.Globalization;

namespace BlazorAuth.Tests.Sessions;

public sealed class SessionTicketCacheTests
{
    private const int Most = 4_000_000;

    [Theory]
    [InlineData(700, 10_000)]
    [InlineData(60_000, 300)]
    public void HoweverLongTokensAreTheyTakeOnlySoMuch(int length, int count)
    {
        var cache = new SessionTicketCache();
        var now = TimeProvider.System.GetUtcNow();
        var tokens = Enumerable.Range(0, count).Select(i => i.ToString("d6", CultureInfo.InvariantCulture) + new string('a', length)).ToList();
        foreach (var token in tokens)
        {
            cache.Add("salt", token, KnownTicket.Written(TestTicket.Of("ada", now)));
        }

        Assert.NotNull(cache.Find("salt", tokens[^1]));

        // From the newest on: to find an old one makes it young.
        var kept = tokens.AsEnumerable().Reverse().TakeWhile(token => cache.Find("salt", token) is not null).ToList();
        Assert.InRange(kept.Count, 1, 2 * 2049);
        Assert.InRange(kept.Sum(token => token.Length), length, (2 * Most) + length + 6);
    }
}
