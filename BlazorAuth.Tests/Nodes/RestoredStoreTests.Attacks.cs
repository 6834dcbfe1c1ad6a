using System.Text.Json.Nodes;
using BlazorAuth.Tests.Circuits;

namespace BlazorAuth.Tests.Nodes;

/// <content>Who kept a token from before, or is thrown out while the store does not know all of their sessions.</content>
public sealed partial class RestoredStoreTests
{
    private const string OldSecret = "the-older-secret-of-the-tests-that-is-long-enough";

    // What only its row can vouch for has no number that counts. But the row has one.
    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    [InlineData("sqlite")]
    public async Task NoTokenFromBeforeIsLetInByARowFromBefore(string kind)
    {
        await UseAsync(kind);
        var before = await StartAsync(configure: Share);
        var (_, revoked) = await before.SignInAsync();
        var now = TimeProvider.System.GetUtcNow();
        string[] kept =
        [
            TestTicket.Reminted(revoked, now, claims => claims.Remove(AuthClaims.Store)),
            new SessionToken(new SessionKeyRing([OldSecret])).Write(TestTicket.Claims(revoked, now), AuthApp.SessionCookie, now, now.AddDays(30)),
            AuthJsToken(now),
        ];
        foreach (var cookie in kept)
        {
            Assert.True(await before.BelievesAsync(cookie));
        }

        await SaveAsync(kind);
        await before.SignOutAsync(revoked);
        await before.SignOutAsync(kept[2]);
        foreach (var cookie in kept)
        {
            Assert.False(await before.BelievesAsync(cookie));
        }

        await StopAllAsync();
        await RestoreAsync(kind);
        await NextSecondAsync();
        var restoredAt = TimeProvider.System.GetUtcNow();
        AuthApp[] nodes = [await StartAsync(restoredAt, Share), await StartAsync(configure: Share)];
        await NextSecondAsync();
        await NextSecondAsync();
        var minted = AuthJsToken(TimeProvider.System.GetUtcNow());
        foreach (var node in nodes)
        {
            List<int> believed = [];
            for (var i = 0; i < kept.Length; i++)
            {
                believed.AddRange(await node.BelievesAsync(kept[i]) ? [i] : []);
            }

            Assert.Empty(believed);
            Assert.True(await node.BelievesAsync(minted));
        }
    }

    // The second time a node lives through it, and remembers what was revoked since the first; but not what was before.
    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    public async Task WhoWasRefusedAfterARestoreStaysOutAfterAnotherOfTheSameState(string kind)
    {
        await UseAsync(kind);
        var before = await StartAsync();
        var (_, revoked) = await before.SignInAsync();
        await RoundAsync(before);
        await SaveAsync(kind);
        await before.SignOutAsync(revoked);
        await StopAllAsync();
        await RestoreAsync(kind);
        await NextSecondAsync();
        await StartAsync(TimeProvider.System.GetUtcNow());
        await StopAllAsync();
        var a = await StartAsync();
        Assert.False(await a.BelievesAsync(revoked));
        await RoundAsync(a);

        await RestoreAsync(kind);
        await LogsAsync(WentBack, a);

        Assert.False(await a.BelievesAsync(revoked));
        Assert.False(await (await StartAsync()).BelievesAsync(revoked));
    }

    // The store is back in its older state, and no node has noticed.
    [Theory]
    [InlineData("postgres")]
    public async Task ABanBeforeAnybodyNoticedCoversWhatWasLost(string kind)
    {
        await UseAsync(kind);
        var a = await StartAsync(configure: Rarely);
        await RoundAsync(a);
        await SaveAsync(kind);
        var (_, lost) = await a.SignInAsync("eve");
        await RoundAsync(a);
        await RestoreAsync(kind);

        await a.Sessions.RevokeUserAsync("eve", Token);

        await RoundAsync(a);
        await RoundAsync(a);
        Assert.False(await a.BelievesAsync(lost));
        Assert.False(await (await StartAsync()).BelievesAsync(lost));
    }

    // No request of such a page asks whether its session has a row.
    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    public async Task ABanEndsTheOpenPagesOfALostSessionOnAllNodes(string kind)
    {
        await UseAsync(kind);
        var a = await StartAsync();
        var b = await StartAsync();
        await Task.WhenAll(RoundAsync(a), RoundAsync(b));
        await SaveAsync(kind);
        var (lost, _) = await a.SignInAsync("eve");
        var (other, _) = await a.SignInAsync("kim");
        await Task.WhenAll(RoundAsync(a), RoundAsync(b));
        TestCircuit[] pages = [await OpenAsync(a, lost), await OpenAsync(b, lost)];
        var kept = await OpenAsync(a, other);
        await RestoreAsync(kind);
        await LogsAsync(WentBack, a, b);

        await a.Sessions.RevokeUserAsync("eve", Token);

        foreach (var page in pages)
        {
            Assert.False((await page.NewsAsync()).Identity!.IsAuthenticated);
        }

        Assert.True(kept.IsSignedIn);
    }

    [Theory]
    [InlineData("redis", true)]
    [InlineData("postgres", true)]
    [InlineData("postgres", false)]
    public async Task ALostSessionThatIsRevokedOrChangedByItsIdIsNotWrittenAgain(string kind, bool isRevoked)
    {
        await UseAsync(kind);
        var a = await StartAsync();
        await RoundAsync(a);
        await SaveAsync(kind);
        var (ticket, lost) = await a.SignInAsync("eve");
        var (_, kept) = await a.SignInAsync("kim");
        await RoundAsync(a);
        await RestoreAsync(kind);
        await LogsAsync(WentBack, a);

        await (isRevoked ? (Task)a.Sessions.RevokeAsync("eve", ticket.Id, Token) : a.Sessions.UpdateClaimsAsync("eve", ticket.Id, claims => claims.Remove(AuthClaims.Roles), Token));

        foreach (var node in (AuthApp[])[a, await StartAsync()])
        {
            Assert.False(await node.BelievesAsync(lost));
            Assert.True(await node.BelievesAsync(kept));
        }
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    public async Task ClaimsThatWereTakenAwayDoNotComeBackWithALostSession(string kind)
    {
        await UseAsync(kind);
        var a = await StartAsync();
        await RoundAsync(a);
        await SaveAsync(kind);
        var admin = TestTicket.Cookie(await a.BeginSessionAsync("eve", "s-eve", new JsonObject { ["role"] = "admin" }));
        var later = TestTicket.Cookie(await a.BeginSessionAsync("kim", "s-kim", new JsonObject { ["role"] = "admin" }));
        Assert.Equal(1, await a.Sessions.UpdateUserClaimsAsync("eve", claims => claims.Remove("role"), Token));
        await RoundAsync(a);
        await RestoreAsync(kind);
        await LogsAsync(WentBack, a);

        await a.Sessions.UpdateUserClaimsAsync("kim", claims => claims.Remove("role"), Token);

        foreach (var node in (AuthApp[])[a, await StartAsync()])
        {
            foreach (var cookie in (string[])[admin, later])
            {
                Assert.False(await node.BelievesAsync(cookie), cookie);
            }
        }

        foreach (var id in (string[])["s-eve", "s-kim"])
        {
            Assert.Null(await a.Store.FindAsync(id, Token) is { RevokedAt: null } row ? row.Content().Claims["role"] : null);
        }
    }

    private static async Task<TestCircuit> OpenAsync(AuthApp node, SessionTicket ticket)
    {
        var circuit = new TestCircuit(new SessionStateProvider(node.Services.GetRequiredService<CircuitSessions>()));
        circuit.State.SetAuthenticationState(TestTicket.State(ticket));
        await circuit.State.OpenAsync();
        return circuit.Settled();
    }

    private static string AuthJsToken(DateTimeOffset now) =>
        new SessionToken(new SessionKeyRing([AuthApp.Secret])).Write(new JsonObject { ["sub"] = "kim" }, AuthApp.SessionCookie, now, now.AddDays(30));

    private static void Share(AuthOptions options)
    {
        options.Secrets.Add(AuthApp.Secret);
        options.Secrets.Add(OldSecret);
        options.Session.AcceptAuthJsTokens = true;
    }

    private static void Rarely(AuthOptions options) => options.Session.ReconcileInterval = TimeSpan.FromHours(1);
}
