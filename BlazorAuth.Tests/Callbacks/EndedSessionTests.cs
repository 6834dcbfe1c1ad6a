namespace BlazorAuth.Tests.Callbacks;

/// <summary>What the app and the log are told of sessions that end.</summary>
public sealed class EndedSessionTests
{
    [Fact]
    public async Task ASignOutIsToldAndLogged()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var id = Begun(app).Single();

        await browser.PostAsync("/api/auth/signout");

        Assert.Equal([$"signed out {id}"], _told);
        Assert.Contains(app.Logs.Own, line => line.Event.Name == "SessionEnded" && line.Text.Contains(id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ASessionWhosePlaceAnotherTakesIsRevoked()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var id = Begun(app).Single();

        await browser.SignInAsync("google", "grace");

        Assert.Equal([$"revoked {id}"], _told);
        Assert.Contains(app.Logs.Own, line => line.Event.Name == "SessionRevoked" && line.Text.Contains(id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ASessionThatTheTokenCallbackEndsIsRevokedOnce()
    {
        var isOver = false;
        await using var app = await StartAsync(options => options.Callbacks.OnToken = _ => ValueTask.FromResult(!isOver));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var cookie = browser.Cookies["authjs.session-token"];
        isOver = true;

        await browser.SessionAsync();
        browser.Cookies["authjs.session-token"] = cookie;
        await browser.SessionAsync();

        Assert.Equal([$"revoked {Begun(app).Single()}"], _told);
    }

    [Fact]
    public void EventIdsAreUsedOnce() => Assert.Empty(
        ((Type[])[typeof(SessionManager), typeof(PostgresSessionStore), typeof(RedisSessionStore)]).SelectMany(one => one.Assembly.GetTypes())
            .SelectMany(type => type.GetMethods(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic))
            .SelectMany(method => method.GetCustomAttributes(typeof(Microsoft.Extensions.Logging.LoggerMessageAttribute), false))
            .Cast<Microsoft.Extensions.Logging.LoggerMessageAttribute>()
            .GroupBy(message => message.EventId).Where(group => group.Count() > 1).Select(group => group.Key));

    private readonly List<string> _told = [];

    private static IEnumerable<string> Begun(AuthApp app) => app.Logs.Own
        .Where(line => line.Event.Name == "SessionCreated").Select(line => line.Text.Split(' ')[1]);

    private Task<AuthApp> StartAsync(Action<AuthOptions>? configure = null) => AuthApp.StartAsync(setup => setup.Options = options =>
    {
        options.Events.OnSignedOut = context => Tell("signed out " + context.Session.Id);
        options.Events.OnSessionRevoked = context => Tell("revoked " + context.SessionId);
        configure?.Invoke(options);
    });

    private ValueTask Tell(string what)
    {
        _told.Add(what);
        return ValueTask.CompletedTask;
    }
}
