using Microsoft.Extensions.Time.Testing;

namespace BlazorAuth.Testing;

/// <summary>
/// The contract of every account store, as tests. Derive a class that creates your store with <see cref="Clock"/>, empty for each test: the store is
/// complete when it passes them unchanged.
/// </summary>
public abstract partial class AccountStoreContract : IAsyncLifetime
{
    /// <summary>The issuer of most accounts in these tests.</summary>
    protected const string Google = "https://accounts.google.com";
    private const string GitHub = "https://github.com";

    /// <summary>The time at which each test begins.</summary>
    protected static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The clock of the store under test.</summary>
    protected FakeTimeProvider Clock { get; } = new(Start);

    /// <summary>Cancelled when the test run is.</summary>
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The store under test.</summary>
    protected abstract IAccountStore Store { get; }

    /// <summary>Prepares the store before each test.</summary>
    public virtual async ValueTask InitializeAsync() => await Store.InitializeAsync(Token);

    /// <summary>Releases what a test used.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private static UserRecord User(string id) => new()
    {
        Id = id,
        Name = "Ada Łovelace 🦜",
        Email = "Ada@example.com",
        EmailVerifiedAt = Start.AddMinutes(1),
        Image = "https://pictures.example/ada.png",
        CreatedAt = Start,
        LastSeenAt = Start.AddMinutes(2),
    };

    private static AccountRecord Account(string userId, string issuer = Google, string subject = "42") => new()
    {
        Issuer = issuer, Subject = subject, UserId = userId, Provider = "google", LinkedAt = Start, LastUsedAt = Start.AddMinutes(3),
    };

    /// <summary>Stores a user with one account, whose subject is the user's ID unless another one is given.</summary>
    protected async Task<UserRecord> CreateAsync(string id, string issuer = Google, string? subject = null)
    {
        Assert.Equal(UserCreation.Created, await Store.CreateAsync(User(id), Account(id, issuer, subject ?? id), Token));
        return User(id);
    }

    [Fact]
    public async Task AUserIsFoundAsCreatedByIdAndByAccount()
    {
        Assert.True(await Store.IsEmptyAsync(Token));
        var user = await CreateAsync("ada", subject: "42");
        var bare = new UserRecord { Id = "bob", CreatedAt = Start.AddTicks(19_999), LastSeenAt = Start, BannedUntil = Start.AddDays(1), BanReason = "spam" };
        await Store.CreateAsync(bare, Account("bob", GitHub), Token);

        Assert.False(await Store.IsEmptyAsync(Token));
        Assert.Equal(user, await Store.FindUserAsync("ada", Token));
        Assert.Equal(bare with { CreatedAt = Start.AddMilliseconds(1) }, await Store.FindUserAsync("bob", Token));
        Assert.Equal(new AccountMatch(Account("ada"), user), await Store.FindAsync(Google, "42", Token));
        Assert.Equal("bob", (await Store.FindAsync(GitHub, "42", Token))!.User.Id);
    }

    [Theory]
    [InlineData("Ada")]
    [InlineData("' OR 1=1 --")]
    [InlineData("a\0da")]
    [InlineData("half a pair")]
    public async Task IdsIssuersAndSubjectsAreComparedExactly(string other)
    {
        other = Halved(other);
        await CreateAsync("ada", subject: "ada");

        Assert.Null(await Store.FindUserAsync(other, Token));
        Assert.Null(await Store.FindAsync(Google, other, Token));
        Assert.Null(await Store.FindAsync(other, "ada", Token));
        Assert.Empty(await Store.ListAccountsAsync(other, Token));
        Assert.Equal(UnlinkResult.NotFound, await Store.UnlinkAsync(other, Google, "ada", Token));
        Assert.False(await Store.DeleteAsync(other, Token));
        Assert.False(await Store.BanAsync(other, Start, null, Token));
    }

    [Fact]
    public async Task AnAccountAndAnIdAreTakenOnce()
    {
        await CreateAsync("ada", subject: "42");

        Assert.Equal(UserCreation.AccountExists, await Store.CreateAsync(User("bob"), Account("bob"), Token));
        Assert.Equal(UserCreation.IdWasUsed, await Store.CreateAsync(User("ada"), Account("ada", GitHub), Token));
        Assert.Null(await Store.FindUserAsync("bob", Token));
        Assert.Null(await Store.FindAsync(GitHub, "42", Token));
    }

    [Fact]
    public async Task AHundredFirstSignInsAtOnceMakeOneUser()
    {
        // Every third call has an ID of its own, as after an ID was retired.
        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(
            () => NodeStore(i).CreateAsync(User(i % 3 == 0 ? $"u{i}" : "ada"), Account(i % 3 == 0 ? $"u{i}" : "ada"), Token), Token)));

        Assert.Equal(1, results.Count(result => result == UserCreation.Created));
        Assert.DoesNotContain(UserCreation.IdWasUsed, results);
        Assert.Single(await Store.SearchAsync("", 1000, null, Token));
        Assert.NotNull(await Store.FindAsync(Google, "42", Token));
    }

    [Fact]
    public async Task OfADeletedUserOnlyIdsAreLeft()
    {
        await CreateAsync("ada", subject: "42");
        var second = Account("ada", GitHub, "7");
        await Store.LinkAsync(second, Token);
        await Store.BanAsync("ada", Start.AddDays(1), "spam", Token);
        Clock.Advance(TimeSpan.FromDays(1));

        Assert.True(await Store.DeleteAsync("ada", Token));
        Assert.False(await Store.DeleteAsync("ada", Token));

        var left = new UserRecord { Id = "ada", CreatedAt = Start, LastSeenAt = Start.AddMinutes(2), DeletedAt = Start.AddDays(1) };
        Assert.Equal(left, await Store.FindUserAsync("ada", Token));
        Assert.Null(await Store.FindAsync(Google, "42", Token));
        Assert.Null(await Store.FindAsync(GitHub, "7", Token));
        Assert.Empty(await Store.SearchAsync("", 10, null, Token));
        Assert.Empty(await Store.SearchAsync("ada", 10, null, Token));
        foreach (var id in (string[])["ada", Account("ada").DefaultUserId, second.DefaultUserId])
        {
            Assert.Equal(UserCreation.IdWasUsed, await Store.CreateAsync(User(id), Account(id, GitHub, "9"), Token));
        }

        Assert.Equal(LinkResult.UserNotFound, await Store.LinkAsync(second, Token));
        Assert.False(await Store.UpdateProfileAsync(User("ada"), Token));
        Assert.False(await Store.BanAsync("ada", Start.AddDays(9), null, Token));
        await Store.TouchAsync([new AccountUse("ada", Start.AddDays(5))], Token);
        Assert.Equal(left, await Store.FindUserAsync("ada", Token));
    }

    [Fact]
    public async Task AProfileIsReplacedAndNothingElse()
    {
        var user = await CreateAsync("ada");
        await Store.BanAsync("ada", Start.AddDays(1), "spam", Token);

        Assert.True(await Store.UpdateProfileAsync(
            new UserRecord { Id = "ada", Name = "Augusta", Email = "new@example.com", CreatedAt = default, LastSeenAt = default }, Token));

        Assert.Equal(
            user with { Name = "Augusta", Email = "new@example.com", EmailVerifiedAt = null, Image = null, BannedUntil = Start.AddDays(1), BanReason = "spam" },
            await Store.FindUserAsync("ada", Token));
        Assert.False(await Store.UpdateProfileAsync(User("nobody"), Token));
    }

    [Fact]
    public async Task ABanIsSetAndLifted()
    {
        var user = await CreateAsync("ada");

        Assert.True(await Store.BanAsync("ada", Start.AddDays(1), "spam", Token));
        Assert.Equal(user with { BannedUntil = Start.AddDays(1), BanReason = "spam" }, await Store.FindUserAsync("ada", Token));
        Assert.True(await Store.BanAsync("ada", null, "ignored", Token));
        Assert.Equal(user, await Store.FindUserAsync("ada", Token));
        Assert.False(await Store.BanAsync("nobody", Start, null, Token));
    }

    [Fact]
    public async Task UseMovesTimesForwardAndNeverBack()
    {
        var user = await CreateAsync("ada", subject: "42");
        await CreateAsync("bob");

        await Store.TouchAsync(
            [
                new AccountUse("ada", Start.AddDays(1), Google, "42"), new AccountUse("ada", Start.AddHours(1)), new AccountUse("bob", Start.AddDays(3), Google, "42"),
                new AccountUse("nobody", Start.AddDays(1)), new AccountUse("a\0", Start.AddDays(1), "\ud800", "x"),
            ],
            Token);

        Assert.Equal(user with { LastSeenAt = Start.AddDays(1) }, await Store.FindUserAsync("ada", Token));
        Assert.Equal(Start.AddDays(1), (await Store.FindAsync(Google, "42", Token))!.Account.LastUsedAt);
        Assert.Equal(Start.AddDays(3), (await Store.FindUserAsync("bob", Token))!.LastSeenAt);
        await Store.TouchAsync([new AccountUse("ada", Start, Google, "42")], Token);
        Assert.Equal(Start.AddDays(1), (await Store.FindAsync(Google, "42", Token))!.Account.LastUsedAt);
    }

    // An attribute cannot contain half a surrogate pair.
    private static string Halved(string text) => text == "half a pair" ? "a\ud800" : text;

    /// <summary>Returns the store as seen by one of several nodes. Default: <see cref="Store"/>, for a store that only one process can open.</summary>
    protected virtual IAccountStore NodeStore(int node) => Store;
}
