namespace BlazorAuth.Testing;

/// <content>How users are searched.</content>
public abstract partial class AccountStoreContract
{
    [Fact]
    public async Task UsersAreFoundByTheBeginningOfNameOrAddressPageByPage()
    {
        for (var i = 0; i < 25; i++)
        {
            await Store.CreateAsync(
                User($"u{i:00}") with { Name = i % 2 == 0 ? $"Grace {i}" : null, Email = $"GRACE{i}@Example.com" }, Account($"u{i:00}", Google, $"{i}"), Token);
        }

        await Store.CreateAsync(User("percent") with { Name = "100%_sure", Email = null, EmailVerifiedAt = null }, Account("percent"), Token);

        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"u{i:00}"), await PagesAsync("gRaCe", 10));
        Assert.Equal(["u24"], await PagesAsync("grace 24", 10));
        Assert.Equal(["u03"], await PagesAsync("grace3@example.com", 10));
        Assert.Equal(["percent"], await PagesAsync("100%_", 10));
        Assert.Equal(["percent", .. Enumerable.Range(0, 25).Select(i => $"u{i:00}")], await PagesAsync("", 7));
        Assert.Empty(await PagesAsync("%", 10));
        Assert.Empty(await PagesAsync("race", 10));
        Assert.Empty(await PagesAsync("\0", 10));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.SearchAsync("", 0, null, Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.SearchAsync("", 1001, null, Token));
    }

    private async Task<List<string>> PagesAsync(string prefix, int size)
    {
        List<string> ids = [];
        for (string? last = null; ;)
        {
            var page = await Store.SearchAsync(prefix, size, last, Token);
            ids.AddRange(page.Select(user => user.Id));
            if (page.Count < size)
            {
                return ids;
            }

            last = page[^1].Id;
        }
    }
}
