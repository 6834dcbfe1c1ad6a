using BlazorAuth.Tests.Stores;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace BlazorAuth.Tests.Identity;

/// <summary>A user is changed while the session store does not respond: it is told as soon as it does, and nobody waits for the validation interval.</summary>
public sealed class IdentityCatchUpTests
{
    private OwnStore _store = null!;
    private bool _isWhollyDown;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ANewPasswordEndsTheOtherSessionsWhenTheStoreRespondsAgain()
    {
        await using var app = await StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var here = await app.SignInAsync(ada);
        using var there = await app.SignInAsync(ada);
        Assert.Equal("Succeeded", (await WhileDownAsync(() => here.PostAsync("/password"))).Text);

        await BackAsync(app);

        Assert.Equal("null", await there.SessionAsync());
        Assert.Equal("ada@example.com", await here.NameAsync());
        Assert.Contains(app.App.Logs.All, line => line.Event.Id == 723);
        Assert.Contains(app.App.Logs.All, line => line.Event.Id == 733);
    }

    [Fact]
    public async Task SoDoesADeletion()
    {
        await using var app = await StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var there = await app.SignInAsync(ada);
        await WhileDownAsync(() => app.ChangeAsync(ada, (users, user) => users.DeleteAsync(user)));

        await BackAsync(app);

        Assert.Equal("null", await there.SessionAsync());
    }

    // The session that made the first change is not the one that may go on after the second.
    [Fact]
    public async Task AfterAnAdministratorsChangeNoneGoesOn()
    {
        await using var app = await StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var here = await app.SignInAsync(ada);
        await WhileDownAsync(() => here.PostAsync("/password"));
        await WhileDownAsync(() => app.ChangeAsync(ada, (users, user) => users.UpdateSecurityStampAsync(user)));

        await BackAsync(app);

        Assert.Equal("null", await here.SessionAsync());
    }

    // A thief changes anything about the user, and the owner resets the password on another node, or another program does: what the thief's session had is of before that.
    [Theory]
    [InlineData("/password")]
    [InlineData("/profile")]
    public async Task NorDoesOneAfterWhatElseChangedTheStamp(string change)
    {
        await using var app = await StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var thief = await app.SignInAsync(ada);
        _isWhollyDown = true;
        Assert.Equal("Succeeded", (await WhileDownAsync(() => thief.PostAsync(change))).Text);
        await app.WithAsync<IdentityDbContext>(context => context.Users.ExecuteUpdateAsync(update => update.SetProperty(user => user.SecurityStamp, "another")));

        await BackAsync(app);

        Assert.Equal("null", await thief.SessionAsync());
    }

    // A form that changes two things: both changes are the session's own.
    [Fact]
    public async Task OneThatChangesTwoThingsDoes()
    {
        await using var app = await StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var here = await app.SignInAsync(ada);
        using var there = await app.SignInAsync(ada);
        await WhileDownAsync(() => here.PostAsync("/two-changes"));

        await BackAsync(app);

        Assert.Equal(("ada@example.com", "null"), (await here.NameAsync(), await there.SessionAsync()));
    }

    // Another node may have changed the user once more, and told the store.
    [Fact]
    public async Task WhatHasTheNewestStampGoesOn()
    {
        await using var app = await StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        await WhileDownAsync(() => app.ChangeAsync(ada, (users, user) => users.UpdateSecurityStampAsync(user)));
        await app.ChangeAsync(ada, (users, user) => users.UpdateSecurityStampAsync(user));
        using var later = await app.SignInAsync(ada);

        await BackAsync(app);

        Assert.Equal("ada@example.com", await later.NameAsync());
    }

    // A sign-in with the password from before, which waits for its second step.
    [Fact]
    public async Task SignInsThatHadBegunEndToo()
    {
        await using var app = await StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        await app.ChangeAsync(ada, (users, user) => users.AddLoginAsync(user, new UserLoginInfo("Work", "42", "Work")));
        using var thief = app.App.CreateBrowser();
        var away = await thief.StartSignInAsync("work");
        app.App.Clock.Advance(TimeSpan.FromSeconds(1));
        await WhileDownAsync(() => app.ChangeAsync(ada, (users, user) => users.UpdateSecurityStampAsync(user)));
        await BackAsync(app);

        await thief.ArriveAsync(app.Provider.Answer(away.Location!));

        Assert.Equal("null", await thief.SessionAsync());
    }

    private Task<IdentityApp> StartAsync() => IdentityApp.StartAsync(setup =>
        setup.Services += services => services.AddSingleton<ISessionStore>(_store = new OwnStore(setup.Clock)));

    private async Task<T> WhileDownAsync<T>(Func<Task<T>> act)
    {
        _store.OnCall = name => _ = _isWhollyDown || name is not (nameof(ISessionStore.FindAsync) or nameof(ISessionStore.ReadChangesAsync))
            ? throw new SessionStoreException("down") : name;
        var result = await act();
        _store.OnCall = _ => { };
        return result;
    }

    private Task<bool> WhileDownAsync(Func<Task> act) => WhileDownAsync(async () =>
    {
        await act();
        return true;
    });

    private static Task BackAsync(IdentityApp app) => app.App.Services.GetRequiredService<BlazorAuth.Identity.StampCatchUp<IdentityUser>>().TellAsync(Token);
}
