namespace BlazorAuth.Testing;

/// <content>What can be kept.</content>
public abstract partial class AccountStoreContract
{
    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("half a pair")]
    public async Task WhatCannotBeKeptIsRefused(string text)
    {
        text = Halved(text);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.CreateAsync(User(text), Account("ada"), Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.CreateAsync(User("ada"), Account("ada", text), Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.LinkAsync(Account("ada", Google, text), Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.UpdateProfileAsync(User("ada") with { Name = "a" + new string('x', 1024) }, Token));
        Assert.True(await Store.IsEmptyAsync(Token));
    }

    // PostgreSQL's indexes hold 2,704 bytes, and such characters have three each.
    [Fact]
    public async Task LongNamesAreKeptAndFoundAndLongIdsRefused()
    {
        var text = new string([.. Enumerable.Range(0, 1000).Select(i => (char)(0x4E00 + (i * 7919 % 20000)))]);
        var user = User("ada") with { Name = text, Email = text };

        Assert.Equal(UserCreation.Created, await Store.CreateAsync(user, Account("ada"), Token));
        Assert.Equal(user, await Store.FindUserAsync("ada", Token));
        Assert.True(await Store.UpdateProfileAsync(user with { Image = null }, Token));
        Assert.Single(await Store.SearchAsync(text[..5], 10, null, Token));
        Assert.Single(await Store.SearchAsync(text, 10, null, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.CreateAsync(User(text), Account(text, subject: "43"), Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.CreateAsync(User("bob"), Account("bob", subject: text), Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.LinkAsync(Account("ada", text[..500], text[..500]), Token));
    }
}
