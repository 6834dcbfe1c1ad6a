using BlazorAuth.Tests.Stores;

namespace BlazorAuth.Tests.Endpoints;

/// <content>How many places at the store one person takes.</content>
public sealed partial class SessionsRevokeEndpointTests
{
    [Theory]
    [InlineData("/api/auth/sessions/revoke")]
    [InlineData("/api/auth/sessions/revoke-others")]
    public async Task WhatOnePersonEndsTakesOnePlaceAtTheStore(string address)
    {
        HeldStore store = null!;
        await using var app = await AuthApp.StartAsync(setup =>
            setup.Services = services => services.AddSingleton<ISessionStore>(store = new(new MemorySessionStore(setup.Clock))));
        using var eve = app.CreateBrowser();
        await eve.SignInAsync("google");
        var posts = Enumerable.Range(0, 6).Select(i => eve.PostAsync(address, [new("session", $"made-up-{i}")])).ToList();
        await store.Reached.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        // Whoever is not her waits for nothing, and all her requests are on their way meanwhile.
        for (var i = 0; i < 20; i++)
        {
            using var bob = app.CreateBrowser();
            await bob.SignInAsync("google");
        }

        store.Release();
        await Task.WhenAll(posts);
        Assert.Equal(1, store.MostAtOnce);
    }

    /// <summary>A store that holds what ends sessions, and counts how much of it comes at once.</summary>
    private sealed class HeldStore(ISessionStore inner) : ForwardingStore(inner)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();
        private int _now;

        public Task Reached => _reached.Task;

        public int MostAtOnce { get; private set; }

        public void Release() => _released.SetResult();

        public override Task<RevokeResult> RevokeAsync(string userId, string sessionId, SessionRevocation revocation, CancellationToken cancellationToken = default) =>
            HoldAsync(() => base.RevokeAsync(userId, sessionId, revocation, cancellationToken));

        public override Task<IReadOnlyList<string>> RevokeAllAsync(
            string userId, string? exceptSessionId, int count, SessionRevocation revocation, CancellationToken cancellationToken = default) =>
            HoldAsync(() => base.RevokeAllAsync(userId, exceptSessionId, count, revocation, cancellationToken));

        private async Task<T> HoldAsync<T>(Func<Task<T>> work)
        {
            lock (_gate)
            {
                MostAtOnce = Math.Max(MostAtOnce, ++_now);
            }

            _reached.TrySetResult();
            await _released.Task;
            var result = await work();
            lock (_gate)
            {
                _now--;
            }

            return result;
        }
    }
}
