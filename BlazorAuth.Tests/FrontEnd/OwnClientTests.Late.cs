using System.Text.Json;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.FrontEnd;

/// <content>Answers that come after what they say nothing about any more, and sign-outs that may not have been any.</content>
public sealed partial class OwnClientTests
{
    [Fact]
    public async Task AnAnswerFromBeforeASignOutSaysNothingAnyMore()
    {
        await using var run = await ClientRun.StartAsync(browser, "v5");
        var page = await OpenAsync(run);
        await SignInAsync(page, "ada");
        var (asked, goOn) = await HoldAsync(page, "GET");

        await page.EvaluateAsync("() => { window.slow = auth.getSession(); }");
        await asked.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await page.EvaluateAsync("() => auth.signOut({ redirect: false })");
        goOn.SetResult();

        Assert.Null(await page.EvaluateAsync<JsonElement?>("() => window.slow"));
        Assert.Equal(["null", "Ada", "null"], await NamesAsync(page));
    }

    [Fact]
    public async Task NorDoesItInAnotherTab()
    {
        await using var run = await ClientRun.StartAsync(browser, "v5");
        var own = await OpenAsync(run);
        var other = await OpenAsync(run);
        await SignInAsync(own, "ada");
        await other.WaitForFunctionAsync("() => heard.at(-1) === 'Ada'");
        var (asked, goOn) = await HoldAsync(other, "GET");

        await other.EvaluateAsync("() => { window.slow = auth.getSession(); }");
        await asked.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await own.EvaluateAsync("() => auth.signOut({ redirect: false })");
        goOn.SetResult();

        await other.WaitForFunctionAsync("() => heard.at(-1) === 'null'", null, new() { Timeout = 5000 });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NorDoesThatOfAnUpdate(bool isOtherTab)
    {
        await using var run = await ClientRun.StartAsync(browser, "v5");
        var page = await OpenAsync(run);
        var other = isOtherTab ? await OpenAsync(run) : page;
        await SignInAsync(page, "ada");
        await other.WaitForFunctionAsync("() => heard.at(-1) === 'Ada'");
        var (asked, goOn) = await HoldAsync(page, "POST");

        await page.EvaluateAsync("() => { window.slow = auth.update('Ada'); }");
        await asked.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await other.EvaluateAsync("() => auth.signOut({ redirect: false })");
        await page.WaitForFunctionAsync("() => heard.at(-1) === 'null'");
        goOn.SetResult();
        await page.EvaluateAsync("() => window.slow");

        Assert.Equal(["null", "Ada", "null"], await NamesAsync(page));
    }

    [Fact]
    public async Task ASignOutIsToldEvenIfNothingCanBeReadAfterIt()
    {
        await using var run = await ClientRun.StartAsync(browser, "v5");
        var page = await OpenAsync(run);
        await SignInAsync(page, "ada");
        await page.RouteAsync("**/api/auth/session", route => route.AbortAsync());

        await page.EvaluateAsync("() => auth.signOut({ redirect: false })");

        Assert.Equal(["null", "Ada", "null"], await NamesAsync(page));
    }

    // Another tab has signed in since the token was fetched.
    [Fact]
    public async Task ASignOutThatTheServerRefusesIsNone()
    {
        await using var run = await ClientRun.StartAsync(browser, "v5");
        var page = await OpenAsync(run);
        await SignInAsync(page, "ada");
        await page.RouteAsync("**/api/auth/csrf", route => route.FulfillAsync(new()
        {
            ContentType = "application/json", Body = """{"csrfToken":"of another cookie"}""",
            Headers = new Dictionary<string, string> { ["Access-Control-Allow-Origin"] = run.Site.TrimEnd('/'), ["Access-Control-Allow-Credentials"] = "true" },
        }));
        await page.RouteAsync("**/api/auth/session", route => route.AbortAsync());

        await page.EvaluateAsync("() => auth.signOut({ redirect: false })");

        Assert.Equal(["null", "Ada"], await NamesAsync(page));
    }

    /// <summary>Holds the next answer about the session back: when it was given, and what lets it go.</summary>
    private static async Task<(Task Given, TaskCompletionSource GoOn)> HoldAsync(IPage page, string method)
    {
        var (given, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        await page.RouteAsync("**/api/auth/session", async route =>
        {
            if (route.Request.Method != method || given.Task.IsCompleted)
            {
                await route.ContinueAsync();
                return;
            }

            var answer = await route.FetchAsync();
            given.TrySetResult();
            await goOn.Task;
            await route.FulfillAsync(new() { Response = answer });
        });
        return (given.Task, goOn);
    }
}
