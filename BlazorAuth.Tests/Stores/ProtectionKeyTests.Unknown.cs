namespace BlazorAuth.Tests.Stores;

/// <content>Keys that nobody has, or another node made a moment ago.</content>
public sealed partial class ProtectionKeyTests
{
    [Fact]
    public async Task MadeUpKeysAreLookedForOnceAndNotAllDay()
    {
        var (unknown, store, clock) = await UnknownAsync();
        var before = store.Calls;

        var one = MadeUpKey();
        Assert.True(unknown.IsUnknown(one));
        await unknown.LookAsync(one, Token);
        await unknown.LookAsync(one, Token);
        Assert.Equal(before + 1, store.Calls);
        for (var i = 0; i < 9; i++)
        {
            await unknown.LookAsync(MadeUpKey(), Token);
        }

        Assert.Equal(before + 10, store.Calls);

        // Those beyond wait for the next second, and share what is read then.
        var others = Enumerable.Range(0, 500).Select(_ => unknown.LookAsync(MadeUpKey() + MadeUpKey(), Token).AsTask()).ToList();
        Assert.Equal((before + 10, false), (store.Calls, others.Exists(other => other.IsCompleted)));
        clock.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(others).WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(before + 11, store.Calls);
        Assert.False(unknown.IsUnknown("state=CfDJ8 is the beginning of nothing"));
    }

    // A page sends several requests at once, and another node has made the key a moment ago.
    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    public async Task WhoBringsAKeyThatIsThereFindsItHoweverManyAreMadeUp(int madeUp)
    {
        var (unknown, store, clock) = await UnknownAsync();
        var others = Enumerable.Range(0, madeUp).Select(_ => unknown.LookAsync(MadeUpKey(), Token).AsTask()).ToList();
        var text = "state=" + await ProtectAsync(await HostAsync(store.Store, _ => { }, Old));
        Assert.True(unknown.IsUnknown(text));

        List<Task> looks = [.. Enumerable.Range(0, 3).Select(_ => LookAsync())];
        clock.Advance(TimeSpan.FromSeconds(1));

        await Task.WhenAll([.. looks, .. others]).WaitAsync(TimeSpan.FromSeconds(30), Token);

        async Task LookAsync()
        {
            await unknown.LookAsync(text, Token);
            Assert.False(unknown.IsUnknown(text));
        }
    }

    [Theory]
    [InlineData("CfDJ8........................")]
    [InlineData("CfDJ8%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%")]
    [InlineData("CfDJ8%2")]
    [InlineData("CfDJ8 %2B%2F%2bAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task WhateverResemblesProtectedDataBreaksNoRequest(string text)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        browser.Cookies["mine"] = text;
        browser.Cookies["authjs.callback-url"] = "http%3A%2F%2Flocalhost%2Fpage%3Fx%3D" + text;
        foreach (var path in (string[])["/", "/page?x=" + text, "/api/auth/signin", "/api/auth/session", "/api/auth/csrf"])
        {
            Assert.Equal(200, (int)(await browser.GetAsync(path)).Status);
        }
    }

    // The platform's session cookie is in ordinary base64, escaped.
    [Fact]
    public async Task AKeyIsFoundInBothAlphabets()
    {
        var (unknown, store, clock) = await UnknownAsync();
        var before = store.Calls;
        var text = Convert.ToBase64String([0x09, 0xF0, 0xC9, 0xF0, .. Enumerable.Range(0, 16).Select(i => (byte)(i % 2 == 0 ? 0xFB : 0xFF)), .. new byte[40]]);
        Assert.Matches("[+].*/", text);
        foreach (var form in (string[])[text, Uri.EscapeDataString(text), text.Replace("+", "%2b", StringComparison.Ordinal).Replace("/", "%2f", StringComparison.Ordinal), text.Replace('+', '-').Replace('/', '_')])
        {
            Assert.True(unknown.IsUnknown(form));
            await unknown.LookAsync(form, Token);
        }

        Assert.Equal(before + 1, store.Calls);
    }

    [Fact]
    public async Task HoweverManyLookWhileTheStoreIsSlowTheirReadingsDoNotQueue()
    {
        var (unknown, store, clock) = await UnknownAsync();
        var before = store.Calls;
        store.Answer = new TaskCompletionSource();
        List<Task> looks = [];
        for (var second = 0; second < 20; second++)
        {
            looks.AddRange(Enumerable.Range(0, 10).Select(_ => unknown.LookAsync(MadeUpKey(), Token).AsTask()));
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        clock.Advance(TimeSpan.FromSeconds(3));
        await Task.WhenAll(looks).WaitAsync(TimeSpan.FromSeconds(30), Token);
        store.Answer.SetResult();
        await unknown.LookAsync(MadeUpKey(), Token);
        Assert.InRange(store.Calls - before, 1, 4);
    }

    private async Task<(UnknownKeys Unknown, SilentKeys Store, TestClock Clock)> UnknownAsync()
    {
        var (store, clock) = (new SilentKeys(), new TestClock());
        var state = new StoreState(new SharedClock(clock));
        state.Answered();
        return (new UnknownKeys(await RepositoryAsync(store: store), state, clock), store, clock);
    }

    private static string MadeUpKey() =>
        "state=" + Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlEncode([0x09, 0xF0, 0xC9, 0xF0, .. Guid.NewGuid().ToByteArray(), .. new byte[40]]);
}
