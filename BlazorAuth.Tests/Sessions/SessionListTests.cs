namespace BlazorAuth.Tests.Sessions;

/// <summary>A person's sessions, as <c>ListAsync</c> hands them to the app.</summary>
public sealed class SessionListTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheCurrentSessionIsMarkedAndNoOther()
    {
        await using var app = await AuthApp.StartAsync();
        var mine = await app.BeginSessionAsync("ada", "mine");
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await app.BeginSessionAsync("ada", "newer");
        await app.BeginSessionAsync("grace", "hers");

        var sessions = await app.Sessions.ListAsync(mine.Session, Token);

        Assert.Equal([("mine", true), ("newer", false)], sessions.Select(session => (session.Id, session.IsCurrent)).OrderBy(session => session.Id, StringComparer.Ordinal));
        Assert.All(await app.Sessions.ListAsync("ada", Token), session => Assert.False(session.IsCurrent));
    }

    [Fact]
    public async Task WhatIsOverIsNotListed()
    {
        await using var app = await AuthApp.StartAsync();
        await app.BeginSessionAsync("ada", "ran out");
        app.Clock.Advance(TimeSpan.FromDays(31));
        await app.BeginSessionAsync("ada", "revoked");
        await app.BeginSessionAsync("ada", "live");
        await app.Sessions.RevokeAsync("ada", "revoked", Token);

        Assert.Equal("live", Assert.Single(await app.Sessions.ListAsync("ada", Token)).Id);
    }

    // A session that is used moves to the front of the list, behind whoever reads it page by page.
    [Theory]
    [InlineData("account")]
    [InlineData("stamp")]
    public async Task ASessionThatIsUsedWhileTheyAreEndedEndsToo(string why)
    {
        BusyStore store = null!;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Options = options => options.Session.MostPerUser = 0;
            setup.Services = services => services.AddSingleton<ISessionStore>(store = new BusyStore(new MemorySessionStore(setup.Clock)));
        });
        for (var number = 0; number <= SessionManager.PageSize; number++)
        {
            await app.BeginSessionAsync("ada", $"s{number}");
            app.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        store.Used = new SessionTouch("ada", "s0", app.Clock.GetUtcNow(), app.Clock.GetUtcNow().AddDays(1));
        await (why == "stamp" ? app.Sessions.RevokeOtherStampsAsync("ada", "new", null, null, Token) : app.Sessions.RevokeThoseOfAsync("ada", null, "42", [], null, Token));

        Assert.Empty(await app.Sessions.ListAsync("ada", Token));
    }

    /// <summary>A store in which a session is used as soon as a page of the list was read.</summary>
    private sealed class BusyStore(ISessionStore inner) : ForwardingStore(inner)
    {
        public SessionTouch? Used { get; set; }

        public override async Task<IReadOnlyList<SessionRecord>> ListAsync(
            string userId, int count, SessionRecord? after = null, CancellationToken cancellationToken = default)
        {
            var page = await base.ListAsync(userId, count, after, cancellationToken);
            if (Used is { } used)
            {
                await TouchAsync([used], cancellationToken);
                Used = null;
            }

            return page;
        }
    }
}
