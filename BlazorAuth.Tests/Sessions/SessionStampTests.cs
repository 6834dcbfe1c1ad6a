namespace BlazorAuth.Tests.Sessions;

/// <summary>The session that stays when a user's security stamp changes.</summary>
public sealed class SessionStampTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // By the store's clock the session has ended, by the machine's it has not: without the new stamp it would end at its next check.
    [Fact]
    public async Task ItGetsTheStampThoughItsClaimsChangeAtOnceAndTheClockIsInDoubt()
    {
        ChangingStore store = null!;
        await using var app = await AuthApp.StartAsync(setup =>
            setup.Services = services => services.AddSingleton<ISessionStore>(store = new ChangingStore(new MemorySessionStore(setup.Clock))));
        await app.BeginSessionAsync("ada", "kept");
        app.Services.GetRequiredService<SharedClock>().Saw(app.Clock.GetUtcNow().AddDays(31));
        store.Change = () => app.Sessions.UpdateClaimsAsync("ada", "kept", claims => claims["team"] = "blue", Token);

        Assert.Equal(0, await app.Sessions.RevokeOtherStampsAsync("ada", "new", "kept", Token));

        var row = (await app.Sessions.FindAsync("kept", Token))!;
        Assert.Equal("new", row.Content!.Stamp?.Value);
        Assert.Equal("blue", (string?)row.Content.Claims["team"]);
    }

    /// <summary>A store in which something else comes first, once, when a row is about to be sealed again.</summary>
    private sealed class ChangingStore(ISessionStore inner) : ForwardingStore(inner)
    {
        public Func<Task>? Change { get; set; }

        public override async Task<bool> RewriteAsync(string sessionId, int version, string content, CancellationToken cancellationToken = default)
        {
            var change = Change;
            Change = null;
            await (change?.Invoke() ?? Task.CompletedTask);
            return await base.RewriteAsync(sessionId, version, content, cancellationToken);
        }
    }
}
