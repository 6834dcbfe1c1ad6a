namespace BlazorAuth.Tests.Flows;

/// <summary>What ends the new session ends the replaced one too.</summary>
public sealed partial class ReplacedSessionTests
{
    [Theory]
    [InlineData("ban")]
    [InlineData("revoke")]
    public async Task WhatAnotherNodeReplacedJustNowEndsHereToo(string how)
    {
        await using var app = await StartAsync();
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        var row = await RowAsync(app, ada);
        await app.Store.ReplaceAsync(row with { Id = "of-another-node" }, row.Id, Grace, app.Clock.GetUtcNow().AddDays(1), Token);

        Task revoked = how == "ban" ? app.Sessions.RevokeUserAsync(row.UserId, Token) : app.Sessions.RevokeAsync(row.UserId, "of-another-node", Token);
        await revoked;

        Assert.Equal("null", await ada.SessionAsync());
    }

    [Theory]
    [InlineData("sign out")]
    [InlineData("everywhere")]
    [InlineData("others")]
    [InlineData("ban")]
    [InlineData("revoke")]
    public async Task WhateverEndsTheNewSessionEndsTheOldOneAtOnce(string how)
    {
        var told = new List<string>();
        await using var app = await StartAsync(setup => setup.Options = options => options.Events.OnSessionRevoked = context =>
        {
            told.Add(context.SessionId);
            return ValueTask.CompletedTask;
        });
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        using var thief = Copy(app, ada);
        var old = await RowAsync(app, ada);
        await SignInAgainAsync(ada);
        var session = await RowAsync(app, ada);
        Assert.Equal("Ada Lovelace", await thief.NameAsync());

        _ = how switch
        {
            "sign out" => (object)await ada.PostAsync("/api/auth/signout"),
            "everywhere" => await ada.PostAsync("/api/auth/signout", [new("where", "everywhere")]),
            "others" => await ada.PostAsync("/api/auth/sessions/revoke-others"),
            "ban" => await app.Sessions.RevokeUserAsync(session.UserId, Token),
            _ => await app.Sessions.RevokeAsync(session.UserId, session.Id, Token),
        };

        Assert.Equal("null", await thief.SessionAsync());
        Assert.Equal(app.Clock.GetUtcNow(), (await app.Store.FindAsync(old.Id, Token))!.RevokedAt!.Value, TimeSpan.FromMilliseconds(1));
        Assert.Equal(how == "others" ? "Ada Lovelace" : null, await ada.NameAsync());
        Assert.DoesNotContain(old.Id, told);
    }

    // A store that was set back to a moment before has the old session alive, and not the new one.
    [Fact]
    public async Task AReplacementThatTheStoreForgotIsWrittenBack()
    {
        await using var app = await StartAsync();
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        var row = await RowAsync(app, ada);
        var now = app.Clock.GetUtcNow();
        app.Services.GetRequiredService<KnownChanges>().Apply(
            new SessionChange(row.Id, Revoked: false, row.Version, row.ExpiresAt, now) { ReplacedBy = "forgotten", EndsAt = now + Grace });

        await app.Services.GetRequiredService<ChangeReader>().ReadAllAsync(Token);

        Assert.Equal(RevocationReason.Revoked, (await app.Store.FindAsync(row.Id, Token))!.RevokedFor);
        Assert.Contains(app.Logs.Own, line => line.Event.Name == "RevocationsWrittenBack");
    }

    [Fact]
    public async Task AReplacementThatTheStoreKnowsRunsItsTime()
    {
        await using var app = await StartAsync();
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        using var copy = Copy(app, ada);
        var old = await RowAsync(app, ada);
        await SignInAgainAsync(ada);

        await app.Services.GetRequiredService<ChangeReader>().ReadAllAsync(Token);

        Assert.Equal("Ada Lovelace", await copy.NameAsync());
        Assert.Equal(RevocationReason.Replaced, (await app.Store.FindAsync(old.Id, Token))!.RevokedFor);
        Assert.DoesNotContain(app.Logs.Own, line => line.Event.Name is "RevocationsWrittenBack" or "StoreLostData");
    }
}
