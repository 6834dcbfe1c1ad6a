namespace BlazorAuth.Tests.Sessions;

/// <summary>A row that the store has lost is written again while somebody ends all sessions of its person.</summary>
public sealed class LostRowTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OneWhosePersonIsDeletedMeanwhileKeepsNothingOfWhatItGranted()
    {
        EndingStore store = null!;
        await using var app = await AuthApp.StartAsync(setup =>
            setup.Services = services => services.AddSingleton<ISessionStore>(store = new EndingStore(new MemorySessionStore(setup.Clock))));
        var lost = KnownTicket.Written(app.Sessions.Lifetimes.WithTimes(TestTicket.Of("ada", app.Clock.GetUtcNow().AddSeconds(-1), "lost")));
        store.BeforeLost = () => RevokedRow.WriteAsync(
            store, EndOfAll.NewId("ada"), EndOfAll.NameOf("ada"), version: 1, app.Clock.GetUtcNow(),
            new SessionRevocation(RevocationReason.Banned, app.Clock.GetUtcNow().AddDays(30)), isAdopted: false, Token);

        var row = await app.Services.GetRequiredService<LostRows>().BringAsync(lost, Token);

        Assert.Null(store.BeforeLost);
        Assert.Equal((true, ""), (row!.Record.RevokedAt is not null, row.Record.Content));
    }

    private sealed class EndingStore(ISessionStore inner) : ForwardingStore(inner)
    {
        /// <summary>What happens just before the lost row is written.</summary>
        public Func<Task>? BeforeLost { get; set; }

        public override async Task<SessionRecord> CreateAsync(SessionRecord session, CancellationToken cancellationToken = default)
        {
            if (session.Id == "lost" && BeforeLost is { } before)
            {
                BeforeLost = null;
                await before();
            }

            return await base.CreateAsync(session, cancellationToken);
        }
    }
}
