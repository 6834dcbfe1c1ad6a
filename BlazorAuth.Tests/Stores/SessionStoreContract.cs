using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace BlazorAuth.Tests.Stores;

/// <summary>What every session store promises. A store is done when it passes this unchanged.</summary>
public abstract partial class SessionStoreContract : IAsyncLifetime
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
        await Assert.ThrowsAsync<ArgumentException>(() => Store.UpdateClaimsAsync("s1", 1, largest + " ", Token));
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
    public async Task TheHistoryHoldsEndedSessionsThoseThatBeganOrEndedLastFirst()
    {
        foreach (var id in (string[])["revoked", "expired", "live", "b-twin"])
        {
            await Store.CreateAsync(Session(id) with { ExpiresAt = Start.AddDays(id == "expired" ? 1 : 30) }, Token);
            Clock.Advance(TimeSpan.FromMinutes(id == "live" ? 0 : 1));
        }

        await Create("foreign", "eve");
        Clock.Advance(TimeSpan.FromDays(2));
        await Store.RevokeAsync("ada", "revoked", Token);

        Assert.Equal(["revoked", "b-twin", "live", "expired"], (await Store.ListHistoryAsync("ada", 10, Token)).Select(session => session.Id));
        Assert.Equal(["revoked", "b-twin"], (await Store.ListHistoryAsync("ada", 2, Token)).Select(session => session.Id));
        Assert.Equal(Clock.GetUtcNow(), (await Store.ListHistoryAsync("ada", 1, Token))[0].RevokedAt);
        Assert.Empty(await Store.ListHistoryAsync("nobody", 10, Token));
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
            () => Store.ListHistoryAsync("ada", 10, cancelled),
            () => Store.RevokeAsync("ada", "s1", cancelled),
            () => Store.RevokeAllAsync("ada", null, cancelled),
            () => Store.TouchAsync("s1", Start.AddHours(1), Start.AddDays(40), cancelled),
            () => Store.TouchAsync([new SessionTouch("s1", Start.AddHours(1), Start.AddDays(40))], cancelled),
            () => Store.UpdateClaimsAsync("s1", 1, "{}", cancelled),
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
