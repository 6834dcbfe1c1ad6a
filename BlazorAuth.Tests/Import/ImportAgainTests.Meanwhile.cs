using BlazorAuth.Tests.Accounts;
using static BlazorAuth.Tests.Import.ImportSteps;

namespace BlazorAuth.Tests.Import;

/// <content>What people do here during a run.</content>
public sealed partial class ImportAgainTests
{
    /// <summary>Whichever call of the store the owner's own comes before.</summary>
    [Fact]
    public async Task AnAccountThatIsDisconnectedDuringARunStaysSo()
    {
        var calls = 0;
        for (var at = 1; at <= Math.Max(calls, 1); at++)
        {
            var (app, accounts) = await StartMeddledAsync();
            await using var started = app;
            await ImportAsync(app, User("7", ("google", "42"), ("github", "9")));
            Task<UnlinkResult>? unlinked = null;
            accounts.MeddleAt(at, () => unlinked = accounts.Inside.UnlinkAsync("7", Google, "42", Token));

            await ImportAsync(app, User("7", ("google", "42"), ("github", "9")));

            calls = accounts.Calls;
            Assert.Equal(UnlinkResult.Unlinked, await unlinked!);
            Assert.Null(await accounts.Inside.FindAsync(Google, "42", Token));
        }

        Assert.InRange(calls, 3, 20);
    }

    /// <summary>The account is nobody's when the run begins.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SoDoesOneThatIsConnectedAndDisconnectedDuringIt(bool isNew)
    {
        var (at, met, isOver) = (0, 0, false);
        while (!isOver && ++at < 20)
        {
            var (app, accounts) = await StartMeddledAsync();
            await using var started = app;
            await ImportAsync(app, isNew ? [User("8", ("github", "8"))] : [User("8", ("github", "8")), User("7", ("github", "9"))]);
            Task<UnlinkResult>? unlinked = null;
            accounts.MeddleAt(at, () => unlinked = ConnectAndDisconnectAsync());

            var report = await ImportAsync(app, User("7", ("github", "9"), ("google", "42")));

            isOver = unlinked is null;
            var isGivenUp = unlinked is not null && await unlinked == UnlinkResult.Unlinked;
            met += isGivenUp ? 1 : 0;
            Assert.Equal(isGivenUp ? null : "7", (await accounts.Inside.FindAsync(Google, "42", Token))?.User.Id);
            Assert.Equal(isGivenUp ? [new("7", "google", ImportConflictReason.AccountWasGivenUp)] : [], report.Conflicts);
            Assert.Equal((isNew ? 1 : 0) + (isGivenUp ? 0 : 1), report.Accounts);

            async Task<UnlinkResult> ConnectAndDisconnectAsync()
            {
                await accounts.Inside.LinkAsync(Account(app, Google, "42", "8"), Token);
                return await accounts.Inside.UnlinkAsync("8", Google, "42", Token);
            }
        }

        Assert.True(isOver);
        Assert.InRange(met, 5, at - 1);
    }

    private async Task<(AuthApp App, MeddlingAccounts Accounts)> StartMeddledAsync()
    {
        MeddlingAccounts accounts = null!;
        var app = await _provider.StartAppAsync(setup =>
        {
            var sessions = new MemorySessionStore(setup.Clock);
            accounts = new MeddlingAccounts(sessions.Accounts);
            setup.Services = services => services.AddSingleton<ISessionStore>(sessions).AddSingleton<IAccountStore>(accounts);
        });
        return (app, accounts);
    }

    /// <summary>Something else happens just before one of the calls.</summary>
    private sealed class MeddlingAccounts(IAccountStore inner) : FaultyAccounts(inner)
    {
        private int _at;
        private Action? _meddle;

        public IAccountStore Inside { get; } = inner;

        public int Calls { get; private set; }

        public void MeddleAt(int call, Action meddle) => (Calls, _at, _meddle) = (0, call, meddle);

        private protected override void OnCall()
        {
            if (++Calls == _at)
            {
                _meddle?.Invoke();
            }
        }
    }
}
