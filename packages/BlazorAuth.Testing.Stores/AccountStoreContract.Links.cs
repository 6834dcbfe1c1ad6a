namespace BlazorAuth.Testing;

/// <content>Verified addresses, and links that wait for their owner's confirmation.</content>
public abstract partial class AccountStoreContract
{
    [Fact]
    public async Task UsersAreFoundByAVerifiedAddressAlone()
    {
        await CreateAsync("ada");
        await Store.CreateAsync(User("eve") with { EmailVerifiedAt = null }, Account("eve", GitHub, "eve"), Token);
        await Store.CreateAsync(User("bob") with { Email = "ada@example.co" }, Account("bob", GitHub, "bob"), Token);

        Assert.Equal(["ada"], (await Store.FindVerifiedAsync("ada@example.com", Token)).Select(user => user.Id));
        Assert.Empty(await Store.FindVerifiedAsync("ada@example", Token));
        Assert.Empty(await Store.FindVerifiedAsync("%", Token));
        Assert.Empty(await Store.FindVerifiedAsync("a\0", Token));

        // The small form of the Kelvin sign is a k: two of them hide nobody.
        await Store.CreateAsync(User("k1") with { Email = "\u212Aim@example.com" }, Account("k1", GitHub, "k1"), Token);
        await Store.CreateAsync(User("k2") with { Email = "\u212Aim@example.com" }, Account("k2", GitHub, "k2"), Token);
        await Store.CreateAsync(User("kim") with { Email = "kim@example.com" }, Account("kim", GitHub, "kim"), Token);
        Assert.Equal(["kim"], (await Store.FindVerifiedAsync("kim@example.com", Token)).Select(user => user.Id));
        await Store.CreateAsync(User("a2"), Account("a2", GitHub, "a2"), Token);
        await Store.CreateAsync(User("a3"), Account("a3", GitHub, "a3"), Token);
        Assert.Equal(["a2", "a3"], (await Store.FindVerifiedAsync("ada@example.com", Token)).Select(user => user.Id));
        await Store.DeleteAsync("a2", Token);
        await Store.UpdateProfileAsync(User("a3") with { EmailVerifiedAt = null }, Token);
        Assert.Equal(["ada"], (await Store.FindVerifiedAsync("ada@example.com", Token)).Select(user => user.Id));
    }

    [Fact]
    public async Task ALinkWaitsForItsBrowserTenMinutesAndIsTakenOnce()
    {
        var link = Link("one");
        await Store.KeepPendingAsync(link, Token);
        await Store.KeepPendingAsync(Link("two") with { Name = null }, Token);

        Assert.Equal(link, await Store.FindPendingAsync("one", Token));
        Assert.Equal(Link("two") with { Name = null }, await Store.FindPendingAsync("two", Token));
        Assert.Null(await Store.FindPendingAsync("One", Token));
        Assert.Null(await Store.FindPendingAsync("a\0", Token));
        var newer = link with { Subject = "43" };
        await Store.KeepPendingAsync(newer, Token);
        Assert.Equal(newer, await Store.FindPendingAsync("one", Token));
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => NodeStore(i).RemovePendingAsync("one", Token), Token)));
        Assert.Single(taken, isTaken => isTaken);
        Assert.Null(await Store.FindPendingAsync("one", Token));
        Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(await Store.FindPendingAsync("two", Token));
        await Store.KeepPendingAsync(Link("three") with { ExpiresAt = Clock.GetUtcNow().AddMinutes(10) }, Token);
        Assert.False(await Store.RemovePendingAsync("two", Token));
    }

    private static PendingLink Link(string browser) => new()
    {
        Browser = browser, Issuer = GitHub, Subject = "42", Provider = "github", Name = "Ada 🦜", Email = "ada@example.com", CreatedAt = Start,
        ExpiresAt = Start.AddMinutes(10),
    };
}
