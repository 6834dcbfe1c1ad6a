using System.Net;

namespace BlazorAuth.Tests.Endpoints;

/// <summary>How much one person can have the store do.</summary>
public sealed partial class SessionEndpointTests
{
    [Fact]
    public async Task AnUpdateThatChangesNothingWritesNothing()
    {
        HeldStore store = null!;
        await using var app = await AuthApp.StartAsync(setup => setup.Services = services => services.AddSingleton<ISessionStore>(store = new(new MemorySessionStore(setup.Clock))));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        for (var i = 0; i < 20; i++)
        {
            var answer = await UpdateAsync(browser, "{}");
            Assert.Contains("Ada Lovelace", answer.Text, StringComparison.Ordinal);
            Assert.Contains(answer.SetCookies, cookie => cookie.StartsWith(AuthApp.SessionCookie + "=", StringComparison.Ordinal));
        }

        Assert.Equal(0, store.Writes);
        var before = await RecordAsync(app, browser);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await UpdateAsync(browser, "{}");
        Assert.Equal((1, before.ExpiresAt.AddMinutes(1)), (store.Writes, (await RecordAsync(app, browser)).ExpiresAt));
    }

    [Fact]
    public async Task AnUpdateThatChangesNothingBringsNoReplacedSessionBack()
    {
        Func<Task> meanwhile = () => Task.CompletedTask;
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Callbacks.OnToken = async context =>
        {
            await (context.Trigger == TokenTrigger.Update ? meanwhile() : Task.CompletedTask);
            return true;
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        meanwhile = () => browser.SignInAsync("google");

        var answer = await UpdateAsync(browser, "{}");

        Assert.Contains("Ada Lovelace", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(answer.SetCookies, cookie => cookie.StartsWith(AuthApp.SessionCookie, StringComparison.Ordinal));
    }

    [Fact]
    public async Task OneSessionTakesOnePlaceAtTheStoreHoweverManyUpdatesItSends()
    {
        HeldStore store = null!;
        var count = 0;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Services = services => services.AddSingleton<ISessionStore>(store = new(new MemorySessionStore(setup.Clock)));
            setup.Options = options => options.Callbacks.OnToken = context =>
            {
                context.Claims["count"] = context.Trigger == TokenTrigger.Update ? Interlocked.Increment(ref count) : 0;
                return ValueTask.FromResult(true);
            };
        });
        using var eve = app.CreateBrowser();
        await eve.SignInAsync("google");
        var before = store.Writes;
        store.Hold();

        var updates = Enumerable.Range(0, 40).Select(_ => UpdateAsync(eve, "{}")).ToList();
        var refused = new List<Page>();
        while (refused.Count < 20)
        {
            var answered = await Task.WhenAny(updates).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            updates.Remove(answered);
            refused.Add(await answered);
        }

        await store.Reached.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        // Whoever is not her waits for nothing.
        Assert.NotNull(await app.BeginSessionAsync("bob"));
        Assert.Equal(before + 1, store.Writes);
        Assert.All(refused, answer => Assert.Equal((HttpStatusCode.TooManyRequests, "null", "1"), (answer.Status, answer.Text, answer.Header("Retry-After"))));
        Assert.All(refused, answer => Assert.DoesNotContain(answer.SetCookies, cookie => cookie.StartsWith(AuthApp.SessionCookie, StringComparison.Ordinal)));
        store.Release();
        await Task.WhenAll(updates);
        Assert.Equal(1, store.MostAtOnce);
    }

    /// <summary>A store whose writes about sessions can be held, and are counted.</summary>
    private sealed class HeldStore(ISessionStore inner) : ForwardingStore(inner)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource? _held;
        private int _writes;
        private int _now;

        public int Writes => _writes;

        public int MostAtOnce { get; private set; }

        /// <summary>A write has come while they are held.</summary>
        public Task Reached => _reached.Task;

        public void Hold() => _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _held!.SetResult();

        public override Task<SessionRecord?> RenewAsync(
            string userId, string sessionId, DateTimeOffset lastSeenAt, DateTimeOffset expiresAt, CancellationToken cancellationToken = default) =>
            CountedAsync(() => base.RenewAsync(userId, sessionId, lastSeenAt, expiresAt, cancellationToken));

        public override Task<SessionRecord?> UpdateAsync(string sessionId, int expectedVersion, string content, CancellationToken cancellationToken = default) =>
            CountedAsync(() => base.UpdateAsync(sessionId, expectedVersion, content, cancellationToken));

        private async Task<SessionRecord?> CountedAsync(Func<Task<SessionRecord?>> write)
        {
            Interlocked.Increment(ref _writes);
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _now));
            try
            {
                if (_held is { } held)
                {
                    _reached.TrySetResult();
                    await held.Task;
                }

                return await write();
            }
            finally
            {
                Interlocked.Decrement(ref _now);
            }
        }
    }
}
