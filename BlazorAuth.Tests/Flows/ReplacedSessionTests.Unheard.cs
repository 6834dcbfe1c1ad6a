namespace BlazorAuth.Tests.Flows;

/// <content>Another node has replaced the session a moment ago, and the one that answers has not heard of it: the browser has the new cookie already.</content>
public sealed partial class ReplacedSessionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALateUpdateWritesNothingOfItNorItsCookie(bool changesClaims)
    {
        await using var app = await StartAsync(setup => setup.Options = options => options.Callbacks.OnToken = !changesClaims ? null : context =>
        {
            context.Claims["team"] = context.Trigger == TokenTrigger.Update ? "blue" : context.Claims["team"]?.DeepClone();
            return ValueTask.FromResult(true);
        });
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        var replaced = await ReplaceElsewhereAsync(app, ada);

        var update = await ada.FetchFormAsync("/api/auth/session", []);

        Assert.Contains("Ada Lovelace", update.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(update.SetCookies, cookie => cookie.StartsWith(AuthApp.SessionCookie, StringComparison.Ordinal));
        Assert.Equal(replaced, await app.Store.FindAsync(replaced.Id, Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ACallbackThatEndsItDeletesNobodysCookie(bool isUpdate)
    {
        var ends = false;
        await using var app = await StartAsync(setup => setup.Options = options => options.Callbacks.OnToken = _ => ValueTask.FromResult(!ends));
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        var replaced = await ReplaceElsewhereAsync(app, ada);
        ends = true;

        var answer = isUpdate ? await ada.FetchFormAsync("/api/auth/session", []) : await ada.FetchAsync(HttpMethod.Get, "/api/auth/session");

        Assert.Equal("null", answer.Text);
        Assert.DoesNotContain(answer.SetCookies, cookie => cookie.StartsWith(AuthApp.SessionCookie, StringComparison.Ordinal));
        Assert.True((await app.Store.FindAsync(replaced.Id, Token))!.RevokedAt <= app.Clock.GetUtcNow());
    }

    [Fact]
    public async Task AnUpdateThatIsReplacedWhileTheAppThinksWritesNoCookie()
    {
        Func<Task> meanwhile = () => Task.CompletedTask;
        await using var app = await StartAsync(setup => setup.Options = options => options.Callbacks.OnSession = async _ => await meanwhile());
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        using var copy = Copy(app, ada);
        meanwhile = async () =>
        {
            meanwhile = () => Task.CompletedTask;
            await SignInAgainAsync(ada);
        };

        var update = await copy.FetchFormAsync("/api/auth/session", []);

        Assert.Contains("Ada Lovelace", update.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(update.SetCookies, cookie => cookie.StartsWith(AuthApp.SessionCookie, StringComparison.Ordinal));
    }

    private static async Task<SessionRecord> ReplaceElsewhereAsync(AuthApp app, Browser browser)
    {
        var row = await RowAsync(app, browser);
        await app.Store.ReplaceAsync(row with { Id = "of-another-node" }, row.Id, Grace, app.Clock.GetUtcNow().AddDays(1), Token);
        return (await app.Store.FindAsync(row.Id, Token))!;
    }
}
