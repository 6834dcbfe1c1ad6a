using System.Net;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace BlazorAuth.Tests.Nodes;

/// <summary>Nodes whose clocks are wrong, by seconds and by weeks, forwards and backwards. The store's time counts.</summary>
public sealed class ClockTests(PostgresServer postgres, RedisServer redis) : IClassFixture<RedisServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("redis", 31 * 24 * 60)]
    [InlineData("redis", 3)]
    [InlineData("redis", -40 * 24 * 60)]
    [InlineData("postgres", 31 * 24 * 60)]
    [InlineData("postgres", -3)]
    public async Task ANodeWithAWrongClockDecidesLikeTheOthersAndRemovesNothing(string kind, int minutesAhead)
    {
        var store = await StoreAsync(kind);
        await using var a = await StartAsync(store, TimeProvider.System);
        var (kept, cookie) = await a.SignInAsync();
        var (_, revoked) = await a.SignInAsync();
        await a.SignOutAsync(revoked);

        await using var b = await StartAsync(store, new OffClock(TimeSpan.FromMinutes(minutesAhead)));
        await b.Services.GetRequiredService<StoreWatch>().RoundAsync(all: false, Token);
        await b.Store.RemoveExpiredAsync(b.Services.GetRequiredService<SharedClock>().Earliest, Token);
        await b.Store.RemoveExpiredAsync(DateTimeOffset.MaxValue, Token);

        using var answer = await b.GetAsync("/api/auth/session", cookie);
        Assert.Contains("Ada", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.DoesNotContain(
            answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [], text => text.StartsWith(AuthApp.SessionCookie, StringComparison.Ordinal));
        Assert.False(await b.BelievesAsync(revoked));
        Assert.NotNull(await a.Store.FindAsync(kept.Id, Token));
        Assert.Equal(HealthStatus.Degraded, await b.HealthAsync());
        Assert.Single(b.Logs.Own, line => line.Event.Id is 442 or 444);

        // And what it begins itself has the times that the others would give it.
        var (ticket, fresh) = await b.SignInAsync("eve");
        Assert.True(await a.BelievesAsync(fresh));
        Assert.InRange((ticket.IssuedAt - kept.IssuedAt).TotalMinutes, -1, 2);
        Assert.Equal(HealthStatus.Healthy, await a.HealthAsync());
        await using var c = await StartAsync(store, TimeProvider.System);
        Assert.False(await c.BelievesAsync(revoked));
    }

    // The end of a replaced session is a revocation, not an expiry: no clock that is behind delays it.
    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    public async Task WhatWasReplacedEndsByTheStoresTimeOnANodeThatIsHoursBehind(string kind)
    {
        var store = await StoreAsync(kind);
        await using var a = await StartAsync(store, TimeProvider.System);
        var clock = new OffClock(TimeSpan.FromHours(-3));
        await using var b = await StartAsync(store, clock, options => options.Session.ReconcileInterval = TimeSpan.FromMinutes(5));
        var (ticket, cookie) = await a.SignInAsync();
        var next = await a.ReplaceAsync(ticket);

        Assert.NotNull((await b.HearsAsync(ticket.Id)).ReplacedBy);
        Assert.True(await b.BelievesAsync(cookie));
        clock.Passed = SessionManager.Grace + TimeSpan.FromSeconds(1);
        Assert.False(await b.BelievesAsync(cookie));
        Assert.True(await b.BelievesAsync(next));
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    public async Task WhatHasExpiredByOneOfTwoClocksOnlyIsStillSignedOut(string kind)
    {
        var store = await StoreAsync(kind);
        await using var b = await StartAsync(store, new OffClock(TimeSpan.FromHours(-3)));
        var now = TimeProvider.System.GetUtcNow();
        foreach (var id in (string[])["one", "all", "limit"])
        {
            await b.Store.CreateAsync(
                new SessionRecord
                {
                    Id = id, UserId = id, Provider = "password", Content = "", CreatedAt = now.AddHours(-4), LastSeenAt = now.AddHours(-4), ExpiresAt = now.AddHours(-1),
                },
                Token);
        }

        var revocation = new SessionRevocation(RevocationReason.SignedOut, now.AddDays(1));
        Assert.Equal("2", (await b.Store.UpdateAsync("one", 1, "2", Token))?.Content);
        Assert.Equal(RevokeResult.Revoked, await b.Store.RevokeAsync("one", "one", revocation, Token));
        Assert.Equal(["all"], await b.Store.RevokeAllAsync("all", null, 10, revocation, Token));
        Assert.Equal(["limit"], await b.Store.LimitAsync("limit", "kept", 0, revocation, Token));
    }

    // The clock of a process that runs is set: eight seconds were enough.
    [Theory]
    [InlineData(8)]
    [InlineData(31 * 24 * 60 * 60)]
    [InlineData(-31 * 24 * 60 * 60)]
    public async Task AStepOfTheClockEndsNothingAndDelaysNothing(int seconds)
    {
        var store = await StoreAsync("redis");
        var clock = new OffClock(TimeSpan.Zero);
        await using var a = await StartAsync(store, clock, Short);
        await using var b = await StartAsync(store, TimeProvider.System, Short);
        var (_, cookie) = await a.SignInAsync();
        var (other, otherCookie) = await a.SignInAsync();

        clock.Offset = TimeSpan.FromSeconds(seconds);
        Assert.True(await a.BelievesAsync(cookie));
        await b.SignOutAsync(otherCookie);

        Assert.True((await a.HearsAsync(other.Id)).Revoked);
    }

    [Fact]
    public void OnTheMachinesOwnClockAStepForwardRemovesNothingForADay()
    {
        var machine = new OffClock(TimeSpan.Zero);
        var clock = new SharedClock(machine);
        clock.SawNone(null);
        Assert.True(clock.MayRemove);

        machine.Offset = TimeSpan.FromDays(31);
        clock.SawNone(null);
        Assert.True(clock.IsDoubtful);
        Assert.False(clock.MayRemove);
        Assert.InRange((clock.GetUtcNow() - clock.Earliest).TotalDays, 30.9, 31.1);

        machine.Offset = TimeSpan.Zero;
        clock.SawNone(null);
        Assert.False(clock.IsDoubtful);
        Assert.False(clock.MayRemove);
        machine.Passed = TimeSpan.FromDays(1.1);
        clock.SawNone(null);
        clock.SawNone(null);
        Assert.True(clock.MayRemove);
    }

    [Theory]
    [InlineData(31, false)]
    [InlineData(0, true)]
    public async Task AFileThatWasLastInUseLongAgoByTheClockKeepsWhatHasExpiredForADay(int days, bool mayRemove)
    {
        var folder = Directory.CreateTempSubdirectory("blazorauth-clock-");
        var store = "sqlite:" + Path.Combine(folder.FullName, "auth.db");
        string cookie;
        await using (var before = await StartAsync(store, TimeProvider.System))
        {
            (_, cookie) = await before.SignInAsync();
        }

        await using (var after = await StartAsync(store, new OffClock(TimeSpan.FromDays(days))))
        {
            Assert.Equal(mayRemove, after.Services.GetRequiredService<SharedClock>().MayRemove);
            using var answer = await after.GetAsync("/api/auth/session", cookie);
            Assert.Equal(mayRemove, await answer.Content.ReadAsStringAsync(Token) != "null");
            Assert.DoesNotContain(
                answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [], text => text.StartsWith(AuthApp.SessionCookie, StringComparison.Ordinal));
        }

        await using (var right = await StartAsync(store, TimeProvider.System))
        {
            Assert.True(await right.BelievesAsync(cookie));
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public void TheStoresTimeGoesOnWhateverTheMachineSays()
    {
        var machine = new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var clock = new SharedClock(machine);
        clock.Saw(new(2026, 1, 1, 0, 2, 0, TimeSpan.Zero));
        machine.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(new(2026, 1, 1, 0, 2, 5, TimeSpan.Zero), clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromMinutes(-2), clock.Skew);
        Assert.Equal(clock.GetUtcNow(), clock.Earliest);
        clock.Saw(new(2026, 1, 1, 3, 0, 0, TimeSpan.Zero));
        Assert.Equal(machine.GetUtcNow(), clock.Earliest);
        Assert.False(clock.MayRemove);
    }

    private static void Short(AuthOptions options) => (options.Session.IdleLifetime, options.Session.UpdateAge) = (TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(50));

    private async Task<string> StoreAsync(string kind) =>
        kind == "redis" ? "redis:" + await redis.CreateDatabaseAsync() : "postgres:" + await postgres.CreateSchemaAsync();

    private static Task<AuthApp> StartAsync(string store, TimeProvider clock, Action<AuthOptions>? configure = null) =>
        StoreNode.StartAsync(store, clock, options =>
        {
            options.Session.ReconcileInterval = TimeSpan.FromMilliseconds(200);
            configure?.Invoke(options);
        });

    /// <summary>A clock that is off, and may be set, while what passes is right.</summary>
    private sealed class OffClock(TimeSpan offset) : TimeProvider
    {
        public TimeSpan Offset { get; set; } = offset;

        /// <summary>Lets time pass.</summary>
        public TimeSpan Passed { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset + Passed;

        public override long GetTimestamp() => System.GetTimestamp() + (long)(Passed.TotalSeconds * TimestampFrequency);
    }
}
