using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace BlazorAuth.Tests.Accounts;

/// <summary>An empty account store on several nodes: who tells a new one from one that lost its users.</summary>
public sealed class AccountLossTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("blazorauth-");
    private readonly List<SqliteSessionStore> _stores = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _stores.ForEach(store => store.Dispose());
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task ANodeWhoseClockIsBehindTakesANewStoreForNew()
    {
        var (first, _) = Node(Start);
        var (second, users) = Node(Start.AddSeconds(-5));

        await first.LookAsync(Token);
        await second.CheckAsync(Token);

        Assert.False(second.IsLost);

        // And what it notes is remembered: by its own clock nothing was used until now.
        await CreateUserAsync(users);
        await second.LookAsync(Token);
        var (third, _) = Node(Start, new MemoryAccountStore(TimeProvider.System));
        await third.LookAsync(Token);
        Assert.True(third.IsLost);
    }

    [Fact]
    public async Task TheFirstUserOfAnotherNodeIsNoLoss()
    {
        var (other, users) = Node(Start);
        var sessions = new StrikingSessions(_stores[0], async () =>
        {
            await CreateUserAsync(users);
            await other.LookAsync(Token);
        });
        var loss = new AccountLoss(users, sessions, new SharedClock(new FakeTimeProvider(Start)), NullLogger<AccountLoss>.Instance);

        await loss.CheckAsync(Token);

        Assert.False(loss.IsLost);
    }

    private (AccountLoss Loss, IAccountStore Users) Node(DateTimeOffset now, IAccountStore? users = null)
    {
        var clock = new FakeTimeProvider(now);
        var sessions = new SqliteSessionStore(Path.Join(_folder.FullName, "auth.db"), clock);
        _stores.Add(sessions);
        users ??= sessions.Accounts;
        return (new AccountLoss(users, sessions, new SharedClock(clock), NullLogger<AccountLoss>.Instance), users);
    }

    private static Task<UserCreation> CreateUserAsync(IAccountStore users) => users.CreateAsync(
        new UserRecord { Id = "ada", CreatedAt = Start, LastSeenAt = Start },
        new AccountRecord { Issuer = "https://github.com", Subject = "42", UserId = "ada", Provider = "github", LinkedAt = Start, LastUsedAt = Start }, Token);

    /// <summary>Sessions before whose answer something happens elsewhere, once.</summary>
    private sealed class StrikingSessions(ISessionStore inner, Func<Task> strike) : ForwardingStore(inner)
    {
        private Func<Task>? _strike = strike;

        public override async Task<bool> TryUseAsync(string key, DateTimeOffset until, CancellationToken cancellationToken = default)
        {
            if (Interlocked.Exchange(ref _strike, null) is { } happens)
            {
                await happens();
            }

            return await base.TryUseAsync(key, until, cancellationToken);
        }
    }
}
