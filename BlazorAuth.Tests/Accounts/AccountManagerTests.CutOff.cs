using System.Text.Json.Nodes;
using BlazorAuth.Tests.Circuits;

namespace BlazorAuth.Tests.Accounts;

/// <summary>What was cut off halfway is finished by the next call.</summary>
public sealed partial class AccountManagerTests
{
    // Before the account is unlinked it is still on the account page afterwards; after that, the sessions from before have ended already.
    [Theory]
    [InlineData(1, UnlinkResult.Unlinked)]
    [InlineData(2, UnlinkResult.NotFound)]
    public async Task ADisconnectionThatWasCutOffIsFinishedByTheNext(int step, UnlinkResult next)
    {
        BreakingSessions sessions = null!;
        var told = 0;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            var inner = new MemorySessionStore(setup.Clock);
            sessions = new BreakingSessions(inner);
            setup.Services = services => services.AddSingleton<ISessionStore>(sessions).AddSingleton(inner.Accounts);
            setup.Options = options => options.Events.OnAccountUnlinked = _ =>
            {
                told++;
                return ValueTask.CompletedTask;
            };
        });
        var (ada, browser) = await SignInAsync(app);
        using var here = browser;
        var account = (await Manager(app).ListAccountsAsync(ada, Token))[0];
        await Manager(app).LinkAsync(account with { Issuer = "https://other.example" }, Token);
        // The sessions are listed until nothing new comes: twice before the account goes, and once more after it.
        var left = step == 1 ? 1 : 3;
        sessions.BeforeList = () =>
        {
            if (--left == 0)
            {
                throw new SessionStoreException("cut off");
            }
        };

        await Assert.ThrowsAsync<SessionStoreException>(() => Manager(app).UnlinkAsync(ada, account.Issuer, account.Subject, null, Token));
        sessions.BeforeList = () => { };
        Assert.Equal(step == 1, await here.SessionAsync() != "null");
        Assert.Equal((step, step - 1), ((await Manager(app).ListAccountsAsync(ada, Token)).Count == 2 ? 1 : 2, told));
        Assert.Equal(next, await Manager(app).UnlinkAsync(ada, account.Issuer, account.Subject, null, Token));

        Assert.Equal("null", await here.SessionAsync());
        Assert.Equal(1, told);
    }

    // An administrator whose tab closes when the first step is done: the user must not go on in the sessions that they have.
    [Theory]
    [InlineData("ban")]
    [InlineData("deletion")]
    [InlineData("disconnection")]
    public async Task WhatWasBegunIsFinishedWhoeverStillWaits(string what)
    {
        using var closed = new CancellationTokenSource();
        BreakingAccounts accounts = null!;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            var inner = new MemorySessionStore(setup.Clock);
            accounts = new BreakingAccounts(inner.Accounts);
            setup.Services = services => services.AddSingleton<ISessionStore>(inner).AddSingleton<IAccountStore>(accounts);
        });
        var (ada, browser) = await SignInAsync(app);
        using var here = browser;
        var account = (await Manager(app).ListAccountsAsync(ada, Token))[0];
        await Manager(app).LinkAsync(account with { Issuer = "https://other.example" }, Token);
        if (what == "disconnection")
        {
            // Their session ends before; whoever has the account signs in once more.
            using var thief = app.CreateBrowser();
            accounts.BeforeUnlink = () => thief.SignInAsync("google");
            accounts.AfterWrite = closed.Cancel;
            await Manager(app).UnlinkAsync(ada, account.Issuer, account.Subject, null, closed.Token);
            Assert.Equal("null", await thief.SessionAsync());
            return;
        }

        accounts.AfterWrite = closed.Cancel;
        await (what == "ban" ? Manager(app).BanAsync(ada, DateTimeOffset.MaxValue, null, closed.Token) : Manager(app).DeleteAsync(ada, closed.Token));

        Assert.Equal("null", await here.SessionAsync());
        Assert.Equal(what == "deletion", (await accounts.FindUserAsync(ada, Token))!.DeletedAt is not null);
    }

    [Fact]
    public async Task ADeletionThatWasCutOffAtAnyStepIsFinishedByTheNext()
    {
        for (var step = 0; ; step++)
        {
            BreakingSessions sessions = null!;
            BreakingAccounts accounts = null!;
            var told = 0;
            await using var app = await AuthApp.StartAsync(setup =>
            {
                var inner = new MemorySessionStore(setup.Clock);
                sessions = new BreakingSessions(inner);
                accounts = new BreakingAccounts(inner.Accounts);
                setup.Services = services => services.AddSingleton<ISessionStore>(sessions).AddSingleton<IAccountStore>(accounts);
                setup.Options = options => options.Events.OnUserDeleted = _ =>
                {
                    told++;
                    return ValueTask.CompletedTask;
                };
            });
            var (ada, browser) = await SignInAsync(app);
            browser.Dispose();
            var left = step;
            sessions.BeforeCall = accounts.BeforeCall = () =>
            {
                if (left-- == 0)
                {
                    throw new SessionStoreException("cut off");
                }
            };
            var wasCutOff = true;
            try
            {
                await Manager(app).DeleteAsync(ada, Token);
                wasCutOff = false;
            }
            catch (SessionStoreException)
            {
                Assert.True(await Manager(app).DeleteAsync(ada, Token));
            }

            sessions.BeforeCall = accounts.BeforeCall = () => { };
            Assert.Empty(await app.Sessions.ListAsync(ada, Token));
            Assert.NotNull((await accounts.FindUserAsync(ada, Token))!.DeletedAt);
            Assert.All(await app.Store.ListHistoryAsync(ada, 10, null, Token), row => Assert.Equal(("", null), (row.Content, row.Device)));
            Assert.Equal(1, told);
            Assert.Equal(wasCutOff, app.Logs.Own.Any(line => line.Event.Id == 712) || step == 0);
            if (!wasCutOff)
            {
                Assert.InRange(step, 5, 20);
                return;
            }
        }
    }

    private sealed class BreakingSessions(ISessionStore inner) : ForwardingStore(inner)
    {
        public Action BeforeCall { get; set; } = () => { };

        public Action BeforeList { get; set; } = () => { };

        public override Task<IReadOnlyList<SessionRecord>> ListAsync(
            string userId, int count, SessionRecord? after = null, CancellationToken cancellationToken = default)
        {
            BeforeList();
            return base.ListAsync(userId, count, after, cancellationToken);
        }

        public override Task<IReadOnlyList<string>> RevokeAllAsync(
            string userId, string? exceptSessionId, int count, SessionRevocation revocation, CancellationToken cancellationToken = default)
        {
            BeforeCall();
            return base.RevokeAllAsync(userId, exceptSessionId, count, revocation, cancellationToken);
        }

        public override Task<IReadOnlyList<SessionRecord>> ListHistoryAsync(
            string userId, int count, SessionRecord? after = null, CancellationToken cancellationToken = default)
        {
            BeforeCall();
            return base.ListHistoryAsync(userId, count, after, cancellationToken);
        }

        public override Task<bool> EraseAsync(string userId, string sessionId, CancellationToken cancellationToken = default)
        {
            BeforeCall();
            return base.EraseAsync(userId, sessionId, cancellationToken);
        }
    }

    private sealed class BreakingAccounts(IAccountStore inner) : FaultyAccounts(inner), IAccountStore
    {
        public Action BeforeCall { get; set; } = () => { };

        public Func<Task> BeforeUnlink { get; set; } = () => Task.CompletedTask;

        public Action AfterWrite { get; set; } = () => { };

        async Task<bool> IAccountStore.BanAsync(string userId, DateTimeOffset? until, string? reason, CancellationToken cancellationToken)
        {
            var isThere = await BanAsync(userId, until, reason, cancellationToken);
            AfterWrite();
            return isThere;
        }

        async Task<UnlinkResult> IAccountStore.UnlinkAsync(string userId, string issuer, string subject, CancellationToken cancellationToken)
        {
            await BeforeUnlink();
            var result = await UnlinkAsync(userId, issuer, subject, cancellationToken);
            AfterWrite();
            return result;
        }

        private protected override void OnCall() => BeforeCall();
    }
}
