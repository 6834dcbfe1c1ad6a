using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace BlazorAuth.Tests.Stores;

/// <summary>What every session store promises. A store is done when it passes this unchanged.</summary>
public abstract class SessionStoreContract : IAsyncLifetime
{
    private protected static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private protected FakeTimeProvider Clock { get; } = new(Start);

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract ISessionStore Store { get; }

    protected abstract IProtectionKeyStore Keys { get; }

    public virtual async ValueTask InitializeAsync() => await Store.InitializeAsync(Token);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected SessionRecord Session(string id, string user = "ada") => new()
    {
        Id = id,
        UserId = user,
        Provider = "github",
        ProviderAccountId = "4711",
        Claims = """{"name":"Ada \u0000 Łovelace 🦜"}""",
        CreatedAt = Clock.GetUtcNow(),
        LastSeenAt = Clock.GetUtcNow(),
        ExpiresAt = Clock.GetUtcNow().AddDays(30),
        Device = "Firefox on Windows",
    };

    private protected async Task<SessionRecord> Create(string id, string user = "ada")
    {
        var session = Session(id, user);
        await Store.CreateAsync(session, Token);
        return session;
    }

    [Fact]
    public async Task ASessionIsFoundAsItWasCreated()
    {
        var session = await Create("s1");
        var bare = Session("s2") with { ProviderAccountId = null, Device = null, ExpiresAt = new(2026, 2, 1, 1, 2, 3, 456, TimeSpan.FromHours(2)) };
        await Store.CreateAsync(bare, Token);

        Assert.Equal(session, await Store.FindAsync("s1", Token));
        Assert.Equal(bare, await Store.FindAsync("s2", Token));
        Assert.Null(await Store.FindAsync("S1", Token));
        Assert.Null(await Store.FindAsync("' OR 1=1 --", Token));
    }

    [Fact]
    public async Task TimesAreKeptToTheMillisecond()
    {
        await Store.CreateAsync(Session("s1") with { ExpiresAt = Start.AddTicks(19_999) }, Token);

        Assert.Equal(Start.AddMilliseconds(1), (await Store.FindAsync("s1", Token))!.ExpiresAt);
    }

    [Fact]
    public async Task AnIdIsUsedOnce()
    {
        var first = await Create("s1");

        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.CreateAsync(Session("s1", "eve"), Token));
        Assert.Equal(first, await Store.FindAsync("s1", Token));
    }

    [Fact]
    public async Task OversizedTextsAreRefused()
    {
        var largest = $"\"{new string('ä', 32 * 1024 - 1)}\"";
        await Store.CreateAsync(Session("s1") with { Claims = largest }, Token);

        await Assert.ThrowsAsync<ArgumentException>(() => Store.CreateAsync(Session("s2") with { Claims = largest + " " }, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.UpdateClaimsAsync("s1", largest + " ", Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CreateAsync(Session("s2") with { UserId = new string('u', 1025) }, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CreateAsync(Session("s2") with { Device = new string('d', 1025) }, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CreateAsync(Session(""), Token));
        Assert.Null(await Store.FindAsync("s2", Token));
        Assert.Equal(largest, (await Store.FindAsync("s1", Token))!.Claims);
    }

    [Fact]
    public async Task LiveSessionsOfAUserAreListedTheMostRecentlySeenFirst()
    {
        foreach (var id in (string[])["old", "middle", "new", "revoked", "short"])
        {
            await Create(id);
            Clock.Advance(TimeSpan.FromMinutes(1));
        }

        await Create("foreign", "eve");
        await Store.RevokeAsync("ada", "revoked", Token);
        await Store.CreateAsync(Session("expiring") with { ExpiresAt = Clock.GetUtcNow().AddHours(1) }, Token);
        await Store.TouchAsync("old", Clock.GetUtcNow().AddMinutes(5), Start, Token);
        Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(["old", "short", "new", "middle"], (await Store.ListAsync("ada", Token)).Select(session => session.Id));
        Assert.Empty(await Store.ListAsync("nobody", Token));
    }

    [Fact]
    public async Task ASessionIsRevokedOnceAndStaysRevoked()
    {
        await Create("s1");
        Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(RevokeResult.Revoked, await Store.RevokeAsync("ada", "s1", Token));
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(RevokeResult.AlreadyRevoked, await Store.RevokeAsync("ada", "s1", Token));
        Assert.Equal(Start.AddMinutes(1), (await Store.FindAsync("s1", Token))!.RevokedAt);
    }

    [Fact]
    public async Task AForeignUnknownOrExpiredSessionIsNotFoundAndNotRevoked()
    {
        await Create("s1");

        Assert.Equal(RevokeResult.NotFound, await Store.RevokeAsync("eve", "s1", Token));
        Assert.Equal(RevokeResult.NotFound, await Store.RevokeAsync("ADA", "s1", Token));
        Assert.Equal(RevokeResult.NotFound, await Store.RevokeAsync("ada", "s2", Token));
        Assert.Null((await Store.FindAsync("s1", Token))!.RevokedAt);

        await Store.RevokeAsync("ada", (await Create("s3")).Id, Token);
        Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(RevokeResult.NotFound, await Store.RevokeAsync("ada", "s1", Token));
        Assert.Equal(RevokeResult.NotFound, await Store.RevokeAsync("ada", "s3", Token));
    }

    [Fact]
    public async Task OfFiftyParallelRevocationsExactlyOneRevokes()
    {
        await Create("s1");

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Store.RevokeAsync("ada", "s1", Token), Token)));

        Assert.Equal(1, results.Count(result => result is RevokeResult.Revoked));
        Assert.Equal(49, results.Count(result => result is RevokeResult.AlreadyRevoked));
    }

    [Fact]
    public async Task RevokingAllSparesTheExceptedForeignAndDeadOnes()
    {
        await Create("s1");
        await Create("s2");
        await Create("s3");
        await Create("foreign", "eve");
        await Store.RevokeAsync("ada", "s3", Token);

        Assert.Equal(["s1"], await Store.RevokeAllAsync("ada", "s2", Token));
        Assert.Equal("s2", Assert.Single(await Store.ListAsync("ada", Token)).Id);
        Assert.Equal(["s2"], await Store.RevokeAllAsync("ada", cancellationToken: Token));
        Assert.Empty(await Store.RevokeAllAsync("ada", cancellationToken: Token));
        Assert.Single(await Store.ListAsync("eve", Token));
    }

    [Fact]
    public async Task TouchingMovesTimesForwardAndNeverBack()
    {
        await Create("s1");

        Assert.True(await Store.TouchAsync("s1", Start.AddHours(2), Start.AddDays(40), Token));
        Assert.True(await Store.TouchAsync("s1", Start.AddHours(1), Start.AddDays(50), Token));
        Assert.True(await Store.TouchAsync("s1", Start.AddHours(1), Start.AddDays(20), Token));

        var session = (await Store.FindAsync("s1", Token))!;
        Assert.Equal(Start.AddHours(2), session.LastSeenAt);
        Assert.Equal(Start.AddDays(50), session.ExpiresAt);
    }

    [Fact]
    public async Task TouchingOrUpdatingBringsNoSessionBack()
    {
        var revoked = await Create("revoked");
        var expired = await Create("expired");
        await Store.RevokeAsync("ada", "revoked", Token);
        Clock.Advance(TimeSpan.FromDays(30));

        foreach (var id in (string[])["revoked", "expired", "unknown"])
        {
            Assert.False(await Store.TouchAsync(id, Clock.GetUtcNow(), Clock.GetUtcNow().AddDays(30), Token));
            Assert.Null(await Store.UpdateClaimsAsync(id, "{}", Token));
            Assert.Null(await Store.UpdateClaimsAsync(id, 1, "{}", Token));
        }

        Assert.Equal(revoked with { RevokedAt = Start }, await Store.FindAsync("revoked", Token));
        Assert.Equal(expired, await Store.FindAsync("expired", Token));
        Assert.Null(await Store.FindAsync("unknown", Token));
    }

    [Fact]
    public async Task UpdatingClaimsCountsTheVersionUp()
    {
        var session = await Create("s1");

        Assert.Equal(2, await Store.UpdateClaimsAsync("s1", """{"role":"admin"}""", Token));
        Assert.Equal(3, await Store.UpdateClaimsAsync("s1", """{"role":"user"}""", Token));
        Assert.Equal(session with { Claims = """{"role":"user"}""", Version = 3 }, await Store.FindAsync("s1", Token));
    }

    [Fact]
    public async Task ParallelUpdatesGetVersionsOfTheirOwn()
    {
        await Create("s1");

        var versions = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Store.UpdateClaimsAsync("s1", $"{i}", Token), Token)));

        Assert.Equal(Enumerable.Range(2, 20), versions.Select(version => version!.Value).Order());
    }

    [Fact]
    public async Task OfUpdatesOfTheSameVersionOneSucceeds()
    {
        var session = await Create("s1");

        var versions = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Store.UpdateClaimsAsync("s1", 1, "1", Token), Token)));

        Assert.Equal(2, Assert.Single(versions, version => version is not null));
        Assert.Null(await Store.UpdateClaimsAsync("s1", 1, "2", Token));
        Assert.Equal(session with { Claims = "1", Version = 2 }, await Store.FindAsync("s1", Token));
        Assert.Equal(3, await Store.UpdateClaimsAsync("s1", 2, "3", Token));
        Assert.Null(await Store.UpdateClaimsAsync("unknown", 1, "{}", Token));
    }

    [Fact]
    public async Task ARevocationWinsOverParallelRenewals()
    {
        await Create("s1");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () => i == 10 ? Store.RevokeAsync("ada", "s1", Token) : (Task)Store.TouchAsync("s1", Start.AddMinutes(i), Start.AddDays(31), Token), Token)));

        Assert.NotNull((await Store.FindAsync("s1", Token))!.RevokedAt);
        Assert.Empty(await Store.ListAsync("ada", Token));
    }

    [Fact]
    public async Task ChangesAreRevocationsAndUpdatesSinceTheCursor()
    {
        var session = await Create("s1");
        await Create("s2");
        await Create("untouched");
        var before = await Store.ReadChangesAsync(0, Token);
        await Store.UpdateClaimsAsync("s1", "{}", Token);
        await Store.TouchAsync("untouched", Start.AddHours(1), Start.AddDays(40), Token);
        var update = await Store.ReadChangesAsync(before.Cursor, Token);
        await Store.RevokeAllAsync("ada", "untouched", Token);
        var revocations = await Store.ReadChangesAsync(update.Cursor, Token);

        Assert.Empty(before.Items);
        Assert.Equal([new SessionChange("s1", false, 2, session.ExpiresAt)], update.Items);
        Assert.Equal(
            [new SessionChange("s1", true, 2, session.ExpiresAt), new SessionChange("s2", true, 1, session.ExpiresAt)],
            revocations.Items.OrderBy(change => change.SessionId));
        Assert.Empty((await Store.ReadChangesAsync(revocations.Cursor, Token)).Items);
        Assert.Equal(2, (await Store.ReadChangesAsync(0, Token)).Items.Count);
    }

    [Fact]
    public async Task AFailedAttemptIsNoChange()
    {
        await Create("s1");
        await Store.RevokeAsync("eve", "s1", Token);
        await Store.UpdateClaimsAsync("unknown", "{}", Token);

        Assert.Empty((await Store.ReadChangesAsync(0, Token)).Items);
    }

    [Fact]
    public async Task ASessionCreatedRevokedOrUpdatedIsAChange()
    {
        await Store.CreateAsync(Session("revoked") with { RevokedAt = Start }, Token);
        await Store.CreateAsync(Session("updated") with { Version = 4 }, Token);

        var changes = (await Store.ReadChangesAsync(0, Token)).Items.ToDictionary(change => change.SessionId);
        Assert.True(changes["revoked"].Revoked);
        Assert.Equal((false, 4), (changes["updated"].Revoked, changes["updated"].Version));
        Assert.Equal(RevokeResult.AlreadyRevoked, await Store.RevokeAsync("ada", "revoked", Token));
    }

    [Fact]
    public async Task ACursorStaysGoodWhenTheNewestChangeIsRemoved()
    {
        await Store.CreateAsync(Session("short") with { ExpiresAt = Start.AddHours(1) }, Token);
        await Create("long");
        await Store.RevokeAsync("ada", "short", Token);
        var cursor = (await Store.ReadChangesAsync(0, Token)).Cursor;
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty((await Store.ReadChangesAsync(0, Token)).Items);
        await Store.RemoveExpiredAsync(Token);

        await Store.RevokeAsync("ada", "long", Token);

        Assert.Equal("long", Assert.Single((await Store.ReadChangesAsync(cursor, Token)).Items).SessionId);
    }

    [Fact]
    public async Task ACursorOfAReplacedStoreReportsEverything()
    {
        await Create("s1");
        await Store.RevokeAsync("ada", "s1", Token);

        var changes = await Store.ReadChangesAsync(long.MaxValue, Token);

        Assert.Single(changes.Items);
        Assert.Empty((await Store.ReadChangesAsync(changes.Cursor, Token)).Items);
    }

    [Fact]
    public async Task NoChangeIsLostToAReaderBesideParallelWriters()
    {
        const int Writers = 4, Each = 30;
        for (var i = 0; i < Writers * Each; i++)
        {
            await Create($"s{i}");
        }

        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(
            async () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    await Store.UpdateClaimsAsync($"s{writer * Each + i}", "{}", Token);
                    await Store.RevokeAsync("ada", $"s{writer * Each + i}", Token);
                }
            },
            Token)));

        Dictionary<string, SessionChange> seen = [];
        for (var (cursor, isLast) = (0L, false); !isLast;)
        {
            isLast = writing.IsCompleted;
            var changes = await Store.ReadChangesAsync(cursor, Token);
            Assert.True(changes.Cursor >= cursor);
            cursor = changes.Cursor;
            foreach (var change in changes.Items)
            {
                seen[change.SessionId] = change;
            }
        }

        await writing;
        Assert.Equal(Writers * Each, seen.Count);
        Assert.All(seen.Values, change => Assert.Equal((true, 2), (change.Revoked, change.Version)));
    }

    [Fact]
    public async Task ExpiredSessionsAreForgottenRevokedOrNot()
    {
        await Create("revoked");
        await Create("expired");
        await Create("renewed");
        await Store.RevokeAsync("ada", "revoked", Token);
        await Store.TouchAsync("renewed", Start, Start.AddDays(31), Token);

        Assert.Equal(0, await Store.RemoveExpiredAsync(Token));
        Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(2, await Store.RemoveExpiredAsync(Token));

        Assert.Null(await Store.FindAsync("revoked", Token));
        Assert.Null(await Store.FindAsync("expired", Token));
        Assert.NotNull(await Store.FindAsync("renewed", Token));
    }

    [Fact]
    public async Task ACancelledCallDoesNothing()
    {
        var session = await Create("s1");
        var cancelled = new CancellationToken(canceled: true);
        Func<Task>[] calls =
        [
            () => Store.InitializeAsync(cancelled),
            () => Store.CreateAsync(Session("s2"), cancelled),
            () => Store.FindAsync("s1", cancelled),
            () => Store.ListAsync("ada", cancelled),
            () => Store.RevokeAsync("ada", "s1", cancelled),
            () => Store.RevokeAllAsync("ada", null, cancelled),
            () => Store.TouchAsync("s1", Start.AddHours(1), Start.AddDays(40), cancelled),
            () => Store.UpdateClaimsAsync("s1", "{}", cancelled),
            () => Store.ReadChangesAsync(0, cancelled),
            () => Store.RemoveExpiredAsync(cancelled),
        ];

        foreach (var call in calls)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(call);
        }

        Assert.Equal(session, await Store.FindAsync("s1", Token));
        Assert.Null(await Store.FindAsync("s2", Token));
    }

    [Fact]
    public async Task InitializingAgainKeepsWhatIsThere()
    {
        var session = await Create("s1");

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Store.InitializeAsync(Token)));

        Assert.Equal(session, await Store.FindAsync("s1", Token));
    }

    [Fact]
    public void ProtectionKeysKeepTheirOrderAndTheirFirstValue()
    {
        Assert.Empty(Keys.ReadKeys());

        Keys.AddKey("key-b", "<b />");
        Keys.AddKey("key-a", "<a />");
        Keys.AddKey("key-b", "<changed />");

        Assert.Equal(["<b />", "<a />"], Keys.ReadKeys());
    }
}
