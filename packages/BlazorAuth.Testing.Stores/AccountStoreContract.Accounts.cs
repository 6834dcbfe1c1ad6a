namespace BlazorAuth.Testing;

/// <content>The accounts of a user.</content>
public abstract partial class AccountStoreContract
{
    [Fact]
    public async Task AUserMayHaveSeveralAccountsAndNobodyElses()
    {
        await CreateAsync("ada", subject: "42");
        await CreateAsync("bob");
        var second = Account("ada", GitHub, "7") with { Provider = "github", LinkedAt = Start.AddDays(1), LastUsedAt = Start.AddDays(2) };

        Assert.Equal(LinkResult.Linked, await Store.LinkAsync(second, Token));
        Assert.Equal(LinkResult.AlreadyLinked, await Store.LinkAsync(second, Token));
        Assert.Equal(LinkResult.OfSomebodyElse, await Store.LinkAsync(second with { UserId = "bob" }, Token));
        Assert.Equal(LinkResult.UserNotFound, await Store.LinkAsync(Account("nobody", GitHub, "8"), Token));
        Assert.Equal([Account("ada"), second], await Store.ListAccountsAsync("ada", Token));
        Assert.Equal("ada", (await Store.FindAsync(GitHub, "7", Token))!.User.Id);
        Assert.Null(await Store.FindAsync(GitHub, "8", Token));
    }

    // Someone who signs in later with an unlinked account must not become its former owner: GHSA-g38m-r43w-p2q7 and its like.
    [Fact]
    public async Task AnAccountThatWasGivenUpLeavesAnIdThatNobodyGets()
    {
        await CreateAsync("ada", subject: "42");
        var lost = Account("ada", GitHub, "7");
        await Store.LinkAsync(lost, Token);

        Assert.Equal(UnlinkResult.NotFound, await Store.UnlinkAsync("bob", GitHub, "7", Token));
        Assert.Equal(UnlinkResult.Unlinked, await Store.UnlinkAsync("ada", GitHub, "7", Token));
        Assert.Equal(UnlinkResult.NotFound, await Store.UnlinkAsync("ada", GitHub, "7", Token));

        Assert.Null(await Store.FindAsync(GitHub, "7", Token));
        Assert.NotNull((await Store.FindUserAsync(lost.DefaultUserId, Token))!.DeletedAt);
        Assert.Equal(UserCreation.IdWasUsed, await Store.CreateAsync(User(lost.DefaultUserId), Account(lost.DefaultUserId, GitHub, "7"), Token));
        Assert.Equal(UserCreation.Created, await Store.CreateAsync(User("random"), Account("random", GitHub, "7"), Token));
    }

    [Fact]
    public async Task TheOnlyAccountStays()
    {
        await CreateAsync("ada", subject: "42");

        Assert.Equal(UnlinkResult.LastOne, await Store.UnlinkAsync("ada", Google, "42", Token));
        Assert.NotNull(await Store.FindAsync(Google, "42", Token));
    }

    [Fact]
    public async Task TwoWhoTakeTheLastTwoAccountsAtOnceLeaveOne()
    {
        for (var round = 0; round < 20; round++)
        {
            var id = $"user{round}";
            await CreateAsync(id, subject: id);
            await Store.LinkAsync(Account(id, GitHub, id), Token);

            var results = await Task.WhenAll(
                Task.Run(() => NodeStore(0).UnlinkAsync(id, Google, id, Token), Token), Task.Run(() => NodeStore(1).UnlinkAsync(id, GitHub, id, Token), Token));

            Assert.Equal([UnlinkResult.Unlinked, UnlinkResult.LastOne], results.Order());
            Assert.Single(await Store.ListAccountsAsync(id, Token));
        }
    }
}
