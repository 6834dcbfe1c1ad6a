using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace BlazorAuth.Tests.Circuits;

/// <summary>What components have in their cascading parameters: who is signed in now, whatever the connection of their circuit said.</summary>
public sealed class CascadingSessionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Whoever held the connection open before a role was taken away.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ComponentsOfALateCircuitHaveTheRolesOfNow(bool wasAskedBefore)
    {
        await using var app = await StartAsync(wasAskedBefore);
        var user = await ConnectionAsync(app);
        Assert.Equal(1, await app.App.Sessions.UpdateUserClaimsAsync("ada", claims => claims[AuthClaims.Roles] = "guest", Token));
        app.App.Clock.Advance(TimeSpan.FromHours(1));

        var circuit = await PlatformCircuit.BeginAsync(app.App.Services, user, typeof(Probe));
        await app.Seen.UntilAsync(seen => seen.Session?.Claims[AuthClaims.Roles].ToString() == "guest" && seen.User?.IsInRole("guest") == true);

        Assert.DoesNotContain(app.Seen.All, seen => seen.User?.IsInRole("reader") == true || seen.Session?.Claims[AuthClaims.Roles].ToString() == "reader");
        Assert.True((await StateOf(circuit).GetAuthenticationStateAsync()).User.IsInRole("guest"));
    }

    // A client of one's own adds a component while the row is read.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhileTheRowIsReadComponentsShowNobody(bool wasAskedBefore)
    {
        await using var app = await StartAsync(wasAskedBefore);
        var user = await ConnectionAsync(app);
        await app.App.Sessions.RevokeUserAsync("ada", Token);
        app.App.Clock.Advance(TimeSpan.FromHours(26));
        app.App.Services.GetRequiredService<KnownChanges>().Forget();
        var held = app.Store.Hold();

        var circuit = await PlatformCircuit.BeginAsync(app.App.Services, user, typeof(Probe));
        await circuit.AddAsync(typeof(Probe));
        await app.Seen.UntilAsync(_ => true);
        held.SetResult();
        await app.Seen.UntilAsync(seen => seen.User?.Identity!.IsAuthenticated == false);

        Assert.All(app.Seen.All, seen => Assert.Equal((null, false), (seen.Session?.Id, seen.User?.Identity!.IsAuthenticated ?? false)));
    }

    // A role is taken away and all sessions end, as an administrator's script does: the second comes while the page still renders because of the first.
    [Fact]
    public async Task WhatIsToldLaterIsNotOverwrittenByWhatWasToldBefore()
    {
        await using var app = await StartAsync(wasAskedBefore: false);
        var circuit = await PlatformCircuit.BeginAsync(app.App.Services, await ConnectionAsync(app), typeof(Probe));
        await app.Seen.UntilAsync(seen => seen.User?.IsInRole("reader") == true);
        var toldNobody = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        StateOf(circuit).AuthenticationStateChanged += state => _ = state.OrNull()?.User.Identity!.IsAuthenticated == false && toldNobody.TrySetResult();
        using var isRendered = new ManualResetEventSlim();
        var renders = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Seen.OnParameters = seen =>
        {
            if (seen.User?.IsInRole("guest") == true && renders.TrySetResult())
            {
                isRendered.Wait(Patience, Token);
            }
        };

        Assert.Equal(1, await app.App.Sessions.UpdateUserClaimsAsync("ada", claims => claims[AuthClaims.Roles] = "guest", Token));
        await renders.Task.WaitAsync(Patience, Token);
        Assert.Equal(1, await app.App.Sessions.RevokeUserAsync("ada", Token));
        await toldNobody.Task.WaitAsync(Patience, Token);
        isRendered.Set();

        await app.Seen.UntilAsync(seen => seen is { Session: null, User.Identity.IsAuthenticated: false });
    }

    private static AuthenticationStateProvider StateOf(PlatformCircuit circuit) => circuit.Services.GetRequiredService<AuthenticationStateProvider>();

    private static async Task<Started> StartAsync(bool wasAskedBefore)
    {
        var seen = new Seen();
        CountingStore store = null!;
        var app = await AuthApp.StartAsync(setup =>
        {
            setup.Clock = new TestClock(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
            var inner = new MemorySessionStore(setup.Clock);
            store = new CountingStore(inner);
            setup.Services = services =>
            {
                services.AddSingleton<ISessionStore>(store).AddSingleton<IProtectionKeyStore>(inner).AddSingleton(seen);
                services.AddRazorComponents().AddInteractiveServerComponents();
                if (wasAskedBefore)
                {
                    services.AddScoped<CircuitHandler, Curious>();
                }
            };
        });
        return new Started(app, store, seen);
    }

    // As the hub has it from the request that connected.
    private static async Task<ClaimsPrincipal> ConnectionAsync(Started app)
    {
        var ticket = await app.App.BeginSessionAsync("ada", "s1", new JsonObject { [AuthClaims.Name] = "Ada", [AuthClaims.Roles] = "reader" });
        return new ClaimsPrincipal(new SessionIdentity(ticket) { CheckedAt = app.App.Clock.GetUtcNow() });
    }

    private sealed record Started(AuthApp App, CountingStore Store, Seen Seen) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => App.DisposeAsync();
    }

    /// <summary>What an app has done before any circuit opens: its own handler comes first, and holds on to what it is told.</summary>
    private sealed class Curious(AuthenticationStateProvider state) : CircuitHandler
    {
        public override int Order => int.MinValue;

        public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken) => state.GetAuthenticationStateAsync();
    }

    private sealed record Parameters(ClaimsPrincipal? User, Session? Session);

    /// <summary>What components have had in their parameters, in this order.</summary>
    private sealed class Seen
    {
        private readonly ConcurrentQueue<Parameters> _all = new();

        public Action<Parameters>? OnParameters { get; set; }

        public IReadOnlyCollection<Parameters> All => _all;

        public void Add(Parameters seen)
        {
            OnParameters?.Invoke(seen);
            _all.Enqueue(seen);
        }

        /// <summary>Waits until the last of them is as expected.</summary>
        public async Task UntilAsync(Func<Parameters, bool> isExpected)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
            limit.CancelAfter(Patience);
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (_all.LastOrDefault() is not { } last || !isExpected(last))
            {
                await pace.WaitForNextTickAsync(limit.Token);
            }
        }
    }

    private sealed class Probe : ComponentBase
    {
        [Inject]
        public required Seen Seen { get; set; }

        [CascadingParameter]
        public Task<AuthenticationState>? State { get; set; }

        [CascadingParameter]
        public Session? Session { get; set; }

        protected override void OnParametersSet() => Seen.Add(new(State?.OrNull()?.User, Session));
    }
}
