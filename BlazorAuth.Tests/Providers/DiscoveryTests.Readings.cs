using System.Net;

namespace BlazorAuth.Tests.Providers;

/// <content>How often the provider is asked for its documents, and who waits.</content>
public sealed partial class DiscoveryTests
{
    // Nobody queues up behind anybody, and the provider is asked once, however many people come.
    [Fact]
    public async Task WhoeverSendsAnswersWithoutASignInCostsTheProviderNothing()
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync();
        using var browser = app.CreateBrowser();
        foreach (var query in (string[])["", "?code=a", "?code=a&state=forged", "?code=a&state=b&iss=https%3A%2F%2Fid.example"])
        {
            Assert.Equal("/api/auth/error", (await browser.GetAsync("/api/auth/callback/work" + query)).Location!.AbsolutePath);
        }

        Assert.Empty(fake.Requests);
    }

    [Fact]
    public async Task AFailureIsRememberedForAMoment()
    {
        var fake = new OpenIdFake();
        fake.Hooks[Document] = _ => OpenIdFake.Error("server_error", HttpStatusCode.InternalServerError);
        await using var app = await fake.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("ProviderUnavailable", (await fake.SignInAsync(app)).Query("reason"));
        }

        Assert.Equal(1, fake.Count(Document));
        fake.Hooks.Clear();
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
    }

    // The one that everybody would wait for again.
    [Fact]
    public async Task AFailureThatTookLongIsRememberedFromItsEnd()
    {
        using var held = new ManualResetEventSlim();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var fake = new OpenIdFake();
        fake.Hooks[Document] = _ =>
        {
            asked.TrySetResult();
            held.Wait(TimeSpan.FromSeconds(30));
            throw new HttpRequestException("silent");
        };
        await using var app = await fake.StartAsync();
        var first = fake.SignInAsync(app);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        app.Clock.Advance(TimeSpan.FromSeconds(9));
        held.Set();
        await first;

        Assert.Equal("ProviderUnavailable", (await fake.SignInAsync(app)).Query("reason"));

        Assert.Equal(1, fake.Count(Document));
    }

    [Fact]
    public async Task AllWhoWaitShareOneReadingAndItsFailure()
    {
        using var held = new ManualResetEventSlim();
        var fake = new OpenIdFake();
        fake.Hooks[Document] = _ =>
        {
            held.Wait(TimeSpan.FromSeconds(30));
            throw new HttpRequestException("silent");
        };
        await using var app = await fake.StartAsync();
        var starts = Enumerable.Range(0, 8).Select(_ => fake.SignInAsync(app)).ToList();
        held.Set();

        Assert.All(await Task.WhenAll(starts), page => Assert.Equal("ProviderUnavailable", page.Query("reason")));
        Assert.Equal(1, fake.Count(Document));
    }

    [Fact]
    public async Task WhileKnownDocumentsAreReadAgainNobodyElseWaits()
    {
        using var held = new ManualResetEventSlim();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync();
        await fake.SignInAsync(app);
        fake.Hooks[Document] = _ =>
        {
            asked.TrySetResult();
            held.Wait(TimeSpan.FromSeconds(60));
            throw new HttpRequestException("silent");
        };
        app.Clock.Advance(TimeSpan.FromHours(13));
        using var browser = app.CreateBrowser();
        using var others = app.CreateBrowser();
        var first = browser.StartSignInAsync("work");
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        for (var i = 0; i < 5; i++)
        {
            var start = await others.StartSignInAsync("work").WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            Assert.Equal("id.example", start.Location!.Host);
        }

        Assert.False(first.IsCompleted);
        held.Set();
        Assert.Equal("id.example", (await first).Location!.Host);
        Assert.Equal(2, fake.Count(Document));
    }
}
