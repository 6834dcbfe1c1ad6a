namespace BlazorAuth.Testing;

/// <content>Unlinked accounts, deleted users and expired links, and what is left of them.</content>
public abstract partial class AccountStoreContract
{
    // An imported user without a way to sign in has such an account, which keeps the id. With that alone they would be locked out.
    [Fact]
    public async Task APlaceholderOfAnImportIsNoWayToSignIn()
    {
        await CreateAsync("ada", AccountRecord.ImportIssuer, "ada");
        Assert.Equal(UnlinkResult.LastOne, await Store.UnlinkAsync("ada", AccountRecord.ImportIssuer, "ada", Token));
        await Store.LinkAsync(Account("ada", AccountRecord.ImportIssuer, "row"), Token);
        Assert.Equal(UnlinkResult.LastOne, await Store.UnlinkAsync("ada", AccountRecord.ImportIssuer, "ada", Token));
        await Store.LinkAsync(Account("ada"), Token);

        Assert.Equal(UnlinkResult.LastOne, await Store.UnlinkAsync("ada", Google, "42", Token));

        await Store.LinkAsync(Account("ada", GitHub, "7"), Token);
        Assert.Equal(UnlinkResult.Unlinked, await Store.UnlinkAsync("ada", Google, "42", Token));
        Assert.Equal(UnlinkResult.LastOne, await Store.UnlinkAsync("ada", GitHub, "7", Token));
        Assert.Equal(UnlinkResult.Unlinked, await Store.UnlinkAsync("ada", AccountRecord.ImportIssuer, "ada", Token));
        Assert.Equal(UnlinkResult.LastOne, await Store.UnlinkAsync("ada", GitHub, "7", Token));
        Assert.NotNull(await Store.FindAsync(GitHub, "7", Token));
    }

    [Fact]
    public async Task NoAccountIsTooManyToBeUnlinkedOrDeleted()
    {
        await CreateAsync("ada", subject: "0000");
        for (var i = 1; i <= IAccountStore.MostAtOnce + 1; i++)
        {
            await Store.LinkAsync(Account("ada", Google, $"{i:0000}"), Token);
        }

        Assert.Equal(IAccountStore.MostAtOnce, (await Store.ListAccountsAsync("ada", Token)).Count);
        Assert.Equal(UnlinkResult.Unlinked, await Store.UnlinkAsync("ada", Google, "1001", Token));
        Assert.True(await Store.DeleteAsync("ada", Token));

        Assert.Empty(await Store.ListAccountsAsync("ada", Token));
        foreach (var subject in (string[])["0000", "0999", "1000", "1001"])
        {
            Assert.Null(await Store.FindAsync(Google, subject, Token));
            Assert.NotNull((await Store.FindUserAsync(Account("ada", Google, subject).DefaultUserId, Token))!.DeletedAt);
        }
    }

    [Fact]
    public async Task LinksThatHaveExpiredGoWithTheNextRoundEvenIfNobodyWasSeen()
    {
        await Store.KeepPendingAsync(Link("one"), Token);
        await Store.KeepPendingAsync(Link("two") with { ExpiresAt = Start.AddMinutes(11) }, Token);
        Clock.Advance(TimeSpan.FromMinutes(10));

        await Store.TouchAsync([], Token);

        // Whether one has expired does not count for this.
        Assert.False(await Store.RemovePendingAsync("one", Token));
        Assert.True(await Store.RemovePendingAsync("two", Token));
    }

    [Fact]
    public async Task WithAUserGoTheLinksThatWaitForThem()
    {
        await CreateAsync("ada");
        await CreateAsync("bob");
        await Store.UpdateProfileAsync(User("bob") with { Email = null, EmailVerifiedAt = null }, Token);
        await Store.KeepPendingAsync(Link("one"), Token);
        await Store.KeepPendingAsync(Link("two") with { Email = "grace@example.com" }, Token);

        await Store.DeleteAsync("bob", Token);
        Assert.NotNull(await Store.FindPendingAsync("one", Token));
        await Store.DeleteAsync("ada", Token);

        Assert.Null(await Store.FindPendingAsync("one", Token));
        Assert.NotNull(await Store.FindPendingAsync("two", Token));
    }

    [Fact]
    public async Task OfSeveralUsesInOneRoundTheLastCounts()
    {
        await CreateAsync("ada", subject: "42");
        await Store.LinkAsync(Account("ada", GitHub, "7"), Token);

        await Store.TouchAsync(
            [
                new AccountUse("ada", Start.AddDays(2), Google, "42"), new AccountUse("ada", Start.AddDays(1), Google, "42"), new AccountUse("ada", Start.AddDays(3), GitHub, "7"),
                new AccountUse("ada", Start.AddHours(1)),
            ],
            Token);

        Assert.Equal(Start.AddDays(3), (await Store.FindUserAsync("ada", Token))!.LastSeenAt);
        Assert.Equal(Start.AddDays(2), (await Store.FindAsync(Google, "42", Token))!.Account.LastUsedAt);
        Assert.Equal(Start.AddDays(3), (await Store.FindAsync(GitHub, "7", Token))!.Account.LastUsedAt);
    }

    /// <summary>Makes every call that writes, as an older node does once a newer version has added a column to the tables.</summary>
    protected async Task WriteEverywhereAsync()
    {
        await CreateAsync("ada", subject: "42");
        Assert.Equal(LinkResult.Linked, await Store.LinkAsync(Account("ada", GitHub, "7"), Token));
        await Store.KeepPendingAsync(Link("one"), Token);
        Assert.Equal(Link("one"), await Store.FindPendingAsync("one", Token));
        Assert.Equal(UnlinkResult.Unlinked, await Store.UnlinkAsync("ada", GitHub, "7", Token));
    }
}
