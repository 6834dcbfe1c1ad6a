using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Circuits;

/// <summary>Renewals that meet each other, a sign-out or an update.</summary>
public sealed class RenewalRaceTests
{
    private const string Slow = "/slow";

    [Fact]
    public async Task ASlowAnswerDoesNotBringBackACookieThatWasSignedOut()
    {
        var held = new Held();
        await using var app = await StartAsync(held);
        using var browser = app.CreateBrowser();
        var slow = await OpenSlowlyAsync(app, browser, held);
        await browser.PostAsync("/api/auth/signout");
        held.Release();
        var late = await slow;

        Assert.DoesNotContain(late.SetCookies, cookie => cookie.StartsWith("authjs.session-token=e", StringComparison.Ordinal));
        Assert.Equal("null", await browser.SessionAsync());
    }

    [Fact]
    public async Task ASlowAnswerDoesNotBringBackASessionThatWasReplaced()
    {
        var held = new Held();
        await using var app = await StartAsync(held);
        using var browser = app.CreateBrowser();
        var slow = await OpenSlowlyAsync(app, browser, held);
        await browser.SignInAsync("google");
        var cookie = browser.Cookies[AuthApp.SessionCookie];
        held.Release();

        Assert.Empty((await slow).SetCookies);
        Assert.Equal(cookie, browser.Cookies[AuthApp.SessionCookie]);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("Ada Lovelace", await browser.NameAsync());
    }

    [Fact]
    public async Task ASlowAnswerDoesNotOverwriteNewerClaims()
    {
        var held = new Held();
        await using var app = await StartAsync(held);
        using var browser = app.CreateBrowser();
        var slow = await OpenSlowlyAsync(app, browser, held);
        var session = Assert.Single(await app.Sessions.ListAsync(held.UserId!, TestContext.Current.CancellationToken));
        await app.Sessions.UpdateClaimsAsync(held.UserId!, session.Id, claims => claims[AuthClaims.Name] = "Countess", TestContext.Current.CancellationToken);
        Assert.Contains("Countess", await browser.SessionAsync(), StringComparison.Ordinal);
        held.Release();

        Assert.Empty((await slow).SetCookies);
        Assert.Contains("Countess", await browser.SessionAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoRenewalsAtOnceBothSucceed()
    {
        await using var app = await StartAsync(new Held());
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        app.Clock.Advance(TimeSpan.FromDays(1));

        var answers = await Task.WhenAll(browser.SessionAsync(), browser.SessionAsync());

        Assert.All(answers, answer => Assert.Contains("Ada", answer, StringComparison.Ordinal));
        Assert.Contains("Ada", await browser.SessionAsync(), StringComparison.Ordinal);
    }

    /// <summary>Signs in and, when the cookie is due, opens a page whose answer with the next cookie is held.</summary>
    private static async Task<Task<Page>> OpenSlowlyAsync(AuthApp app, Browser browser, Held held)
    {
        await browser.SignInAsync("google");
        app.Clock.Advance(TimeSpan.FromDays(1));
        var slow = browser.OpenAsync(Slow);
        await held.Reached;
        return slow;
    }

    private static Task<AuthApp> StartAsync(Held held) => AuthApp.StartAsync(setup => setup.Map = app => app.MapGet(Slow, async (HttpContext http) =>
    {
        held.UserId = (await http.GetSessionAsync())!.User.Id;
        await held.WaitAsync();
        return Results.Content("late", "text/html");
    }));

    /// <summary>Holds a request until the test lets it go.</summary>
    private sealed class Held
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string? UserId { get; set; }

        public Task Reached => _reached.Task;

        public void Release() => _released.TrySetResult();

        public Task WaitAsync()
        {
            _reached.TrySetResult();
            return _released.Task;
        }
    }
}
