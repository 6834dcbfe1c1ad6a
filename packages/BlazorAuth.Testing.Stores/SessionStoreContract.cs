using Microsoft.Extensions.Time.Testing;

namespace BlazorAuth.Testing;

/// <summary>
/// The contract of every session store, as tests. Derive a class that creates your store with <see cref="Clock"/>, empty for each test: the store is
/// complete when it passes them unchanged.
/// </summary>
public abstract partial class SessionStoreContract : IAsyncLifetime
{
    /// <summary>The time at which each test begins.</summary>
    protected static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The clock of the store under test.</summary>
    protected FakeTimeProvider Clock { get; } = new(Start);

    /// <summary>Cancelled when the test run is.</summary>
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The store under test.</summary>
    protected abstract ISessionStore Store { get; }

    /// <summary>Where the store keeps Data Protection keys; <see langword="null"/> if it keeps none.</summary>
    protected virtual IProtectionKeyStore? Keys => Store as IProtectionKeyStore;

    /// <summary>Prepares the store before each test.</summary>
    public virtual async ValueTask InitializeAsync() => await Store.InitializeAsync(Token);

    /// <summary>Releases what a test used.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Returns a session that begins now and lasts thirty days.</summary>
    protected SessionRecord Session(string id, string user = "ada") => new()
    {
        Id = id,
        UserId = user,
        Provider = "github",
        Content = """{"name":"Ada \u0000 Łovelace 🦜"}""",
        CreatedAt = Clock.GetUtcNow(),
        LastSeenAt = Clock.GetUtcNow(),
        ExpiresAt = Clock.GetUtcNow().AddDays(30),
        Device = "Firefox on Windows",
    };

    /// <summary>Stores such a session.</summary>
    protected async Task<SessionRecord> CreateAsync(string id, string user = "ada")
    {
        var session = Session(id, user);
        var created = await Store.CreateAsync(session, Token);
        Assert.Equal(session with { Number = created.Number }, created);
        return created;
    }

    /// <summary>Returns a revocation that is remembered no longer than the session.</summary>
    protected static SessionRevocation Revocation(RevocationReason reason = RevocationReason.Revoked) => new(reason, default);

    /// <summary>Revokes a session.</summary>
    protected Task<RevokeResult> RevokeAsync(string id, string user = "ada") => Store.RevokeAsync(user, id, Revocation(), Token);

    /// <summary>Reads the changes since a cursor.</summary>
    protected async Task<IReadOnlyList<SessionChange>> ChangesAsync(long cursor = 0) => (await Store.ReadChangesAsync(cursor, default, Token)).Items;

    [Fact]
    public async Task ASessionIsFoundAsItWasCreated()
    {
        var session = await CreateAsync("s1");
        var bare = Session("s2") with { Device = null, IsAdopted = true, ExpiresAt = new(2026, 2, 1, 1, 2, 3, 456, TimeSpan.FromHours(2)) };
        bare = bare with { Number = (await Store.CreateAsync(bare, Token)).Number };

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
        var first = await CreateAsync("s1");

        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.CreateAsync(Session("s1", "eve"), Token));
        Assert.Equal(first, await Store.FindAsync("s1", Token));
    }

    [Fact]
    public async Task OversizedTextsAreRefused()
    {
        var largest = $"\"{new string('ä', 64 * 1024 - 1)}\"";
        await Store.CreateAsync(Session("s1") with { Content = largest }, Token);

        await Assert.ThrowsAsync<ArgumentException>(() => Store.CreateAsync(Session("s2") with { Content = largest + " " }, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.UpdateAsync("s1", 1, largest + " ", Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.RewriteAsync("s1", 1, largest + " ", Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.TryUseAsync(new string('k', 1025), Start, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CreateAsync(Session("s2") with { UserId = new string('u', 1025) }, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CreateAsync(Session("s2") with { UserId = new string('€', 667) }, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CreateAsync(Session("s2") with { Device = new string('d', 1025) }, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CreateAsync(Session(""), Token));
        Assert.Null(await Store.FindAsync("s2", Token));
        Assert.Equal(largest, (await Store.FindAsync("s1", Token))!.Content);
    }

    [Fact]
    public async Task EveryWriteTakesAHigherNumber()
    {
        List<long> numbers = [(await CreateAsync("s1")).Number, (await CreateAsync("s2")).Number];
        numbers.Add((await Store.RenewAsync("ada", "s1", Start.AddHours(1), Start.AddDays(31), Token))!.Number);
        numbers.Add((await Store.UpdateAsync("s1", 1, "{}", Token))!.Number);
        await RevokeAsync("s1");
        numbers.Add((await Store.FindAsync("s1", Token))!.Number);
        await Store.RevokeAllAsync("ada", null, 10, Revocation(), Token);
        numbers.Add((await Store.FindAsync("s2", Token))!.Number);
        await Store.TouchAsync([new SessionTouch("ada", "s2", Start.AddHours(2), Start.AddDays(40))], Token);
        await Store.RewriteAsync("s2", 1, "sealed again", Token);

        Assert.Equal(numbers.Order().Distinct(), numbers);
        Assert.Equal(numbers[^1], (await Store.FindAsync("s2", Token))!.Number);
        Assert.Equal(numbers[^1], (await Store.ReadChangesAsync(0, default, Token)).Number);
    }

    [Fact]
    public async Task AStoreHasOneId()
    {
        var before = await Store.ReadChangesAsync(0, default, Token);
        await CreateAsync("s1");

        Assert.Equal((22, before.StoreId), (before.StoreId.Length, (await Store.ReadChangesAsync(0, default, Token)).StoreId));
        Assert.Equal(0, before.Number);
    }

    [Fact]
    public async Task AKeyIsUsedOnceHoweverManyUseItTogether()
    {
        var uses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Store.TryUseAsync("key", Start.AddMinutes(15), Token), Token)));

        Assert.Equal(1, uses.Count(isFirst => isFirst));
        Assert.True(await Store.TryUseAsync("another key", Start.AddMinutes(15), Token));
        Clock.Advance(TimeSpan.FromMinutes(14));
        await Store.RemoveExpiredAsync(Clock.GetUtcNow(), Token);
        Assert.False(await Store.TryUseAsync("key", Start.AddMinutes(30), Token));
    }

    /// <summary>The caller's clock may be ahead of the store's.</summary>
    [Fact]
    public async Task NothingThatLivesIsRemovedHoweverLateTheCallerThinksItIs()
    {
        await CreateAsync("s1");
        await Store.TryUseAsync("key", Start.AddMinutes(15), Token);

        Assert.Equal(0, await Store.RemoveExpiredAsync(Start.AddDays(365), Token));
        Assert.NotNull(await Store.FindAsync("s1", Token));
        Assert.False(await Store.TryUseAsync("key", Start.AddMinutes(15), Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AUsedKeyIsForgottenWhenItsTimeIsOver(bool isRemoved)
    {
        await Store.TryUseAsync("key", Start.AddMinutes(15), Token);
        Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(0, isRemoved ? await Store.RemoveExpiredAsync(Clock.GetUtcNow(), Token) : 0);

        Assert.True(await Store.TryUseAsync("key", Clock.GetUtcNow().AddMinutes(15), Token));
        Assert.False(await Store.TryUseAsync("key", Clock.GetUtcNow().AddMinutes(15), Token));
    }

    // This is how the account store checks for a record, without leaving anything that could mislead a node with a different clock.
    [Fact]
    public async Task AKeyThatIsUsedUntilLongAgoIsNotUsed()
    {
        Assert.True(await Store.TryUseAsync("key", DateTimeOffset.UnixEpoch, Token));
        Assert.True(await Store.TryUseAsync("key", DateTimeOffset.UnixEpoch, Token));
        Assert.True(await Store.TryUseAsync("key", Start.AddMinutes(15), Token));
        Assert.False(await Store.TryUseAsync("key", DateTimeOffset.UnixEpoch, Token));
    }

    [Fact]
    public async Task ACancelledCallDoesNothing()
    {
        var session = await CreateAsync("s1");
        var cancelled = new CancellationToken(canceled: true);
        Func<Task>[] calls =
        [
            () => Store.InitializeAsync(cancelled),
            () => Store.CreateAsync(Session("s2"), cancelled),
            () => Store.ReplaceAsync(Session("s2"), "s1", Grace, default, cancelled),
            () => Store.FindAsync("s1", cancelled),
            () => Store.ListAsync("ada", 10, null, cancelled),
            () => Store.ListHistoryAsync("ada", 10, null, cancelled),
            () => Store.RevokeAsync("ada", "s1", Revocation(), cancelled),
            () => Store.RevokeAllAsync("ada", null, 10, Revocation(), cancelled),
            () => Store.LimitAsync("ada", "s2", 0, Revocation(), cancelled),
            () => Store.RenewAsync("ada", "s1", Start.AddHours(1), Start.AddDays(40), cancelled),
            () => Store.TouchAsync([new SessionTouch("ada", "s1", Start.AddHours(1), Start.AddDays(40))], cancelled),
            () => Store.UpdateAsync("s1", 1, "{}", cancelled),
            () => Store.RewriteAsync("s1", 1, "{}", cancelled),
            () => Store.EraseAsync("ada", "s1", cancelled),
            () => Store.ScanAsync(null, 10, cancelled),
            () => Store.TryUseAsync("key", Start.AddDays(1), cancelled),
            () => Store.ReadChangesAsync(0, default, cancelled),
            () => Store.RemoveExpiredAsync(Start, cancelled),
        ];

        foreach (var call in calls)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(call);
        }

        Assert.Equal(session, await Store.FindAsync("s1", Token));
        Assert.Null(await Store.FindAsync("s2", Token));
        Assert.True(await Store.TryUseAsync("key", Start.AddDays(1), Token));
    }

    [Fact]
    public async Task InitializingAgainKeepsWhatIsThere()
    {
        var session = await CreateAsync("s1");

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Store.InitializeAsync(Token)));

        Assert.Equal(session, await Store.FindAsync("s1", Token));
    }

    [Fact]
    public async Task ProtectionKeysKeepTheirOrderAndTheirFirstValue()
    {
        Assert.SkipWhen(Keys is null, "This store keeps no Data Protection keys.");
        Assert.Empty(await Keys.ReadKeysAsync(Token));

        await Keys.AddKeyAsync("key-b", "<b />", Token);
        await Keys.AddKeyAsync("key-a", "<a />", Token);
        await Keys.AddKeyAsync("key-b", "<changed />", Token);

        Assert.Equal(["<b />", "<a />"], await Keys.ReadKeysAsync(Token));
    }
}
