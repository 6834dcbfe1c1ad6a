namespace BlazorAuth.Tests.Accounts;

/// <content>What happened to a user before, or happens while they sign in.</content>
public sealed partial class AccountSignInTests
{
    [Fact]
    public async Task WhatACallbackWritesIntoTheProfileStays()
    {
        AuthApp app = null!;
        var changes = false;
        await using var started = app = await AuthApp.StartAsync(setup => setup.Options = options => options.Callbacks.OnSignIn = async context =>
        {
            var manager = context.Services.GetRequiredService<AccountManager>();
            if (changes && await manager.FindAsync(context.User.Id, Token) is { } user)
            {
                await manager.UpdateAsync(user with { Name = "Augusta", Email = "new@example.com", EmailVerifiedAt = null }, Token);
            }

            return SignInDecision.Allow;
        });
        var id = await IdAsync(app, "google");
        var before = (await Store(app).FindUserAsync(id, Token))!;
        await Store(app).UpdateProfileAsync(before with { Image = null }, Token);
        changes = true;

        await IdAsync(app, "google");

        var user = (await Store(app).FindUserAsync(id, Token))!;
        Assert.Equal(("Augusta", "new@example.com", null), (user.Name, user.Email, user.EmailVerifiedAt));
        Assert.Equal(before.Image, user.Image);
    }

    // A store may have deleted a user and left an account of theirs.
    [Fact]
    public async Task AnAccountThatWasLeftOfADeletedUserLetsNobodyInAndAsksNoCallback()
    {
        var asked = 0;
        LeavingAccounts accounts = null!;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            var sessions = new MemorySessionStore(setup.Clock);
            accounts = new LeavingAccounts(sessions.Accounts);
            setup.Services = services => services.AddSingleton<ISessionStore>(sessions).AddSingleton<IAccountStore>(accounts);
            setup.Options = options => options.Callbacks.OnSignIn = _ =>
            {
                asked++;
                return ValueTask.FromResult(SignInDecision.Allow);
            };
        });
        await IdAsync(app, "google");
        accounts.IsDeleted = true;

        var (page, session) = await SignInAsync(app, "google");

        Assert.Equal(("/api/auth/error", "null", 1), (page.Address.AbsolutePath, session, asked));
        var match = (await ((IAccountStore)accounts).FindAsync("https://accounts.google.com", accounts.Subject, Token))!;
        Assert.Null(await app.Services.GetRequiredService<AccountManager>().FindAsync(match.Account.Issuer, match.Account.Subject, Token));
    }

    private sealed class LeavingAccounts(IAccountStore inner) : FaultyAccounts(inner), IAccountStore
    {
        public bool IsDeleted { get; set; }

        public string Subject { get; private set; } = "";

        async Task<AccountMatch?> IAccountStore.FindAsync(string issuer, string subject, CancellationToken cancellationToken)
        {
            Subject = subject;
            var match = await FindAsync(issuer, subject, cancellationToken);
            return IsDeleted && match is not null ? match with { User = match.User with { DeletedAt = match.User.CreatedAt } } : match;
        }
    }
}
