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
}
