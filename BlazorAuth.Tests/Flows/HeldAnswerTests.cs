using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.Flows;

/// <summary>A sign-in that was begun before all sessions of its user were ended, or changed, and is completed after it.</summary>
public sealed partial class HeldAnswerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Somebody has signed in at the provider, and keeps its answer. The owner changes the password there, and signs out everywhere here.
    [Theory]
    [InlineData("google", "user")]
    [InlineData("google", "others")]
    [InlineData("google", "page")]
    [InlineData("work", "user")]
    [InlineData("acme", "page")]
    public async Task AnAnswerThatWasKeptSignsNobodyInAfterASignOutEverywhere(string provider, string how)
    {
        var fake = new FakeProvider { ChangeIdToken = claims => claims["exp"] = DateTimeOffset.MaxValue.ToUnixTimeSeconds() / 100 };
        await using var app = await fake.StartAppAsync();
        using var thief = app.CreateBrowser();
        using var owner = app.CreateBrowser();
        var asked = (await thief.StartSignInAsync(provider)).Location!;
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await owner.SignInAsync(fake, provider);
        var id = Assert.Single(await app.Services.GetRequiredService<IAccountStore>().SearchAsync("", 10, null, Token)).Id;
        var mine = Assert.Single(await app.Sessions.ListAsync(id, Token));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        switch (how)
        {
            case "page":
                await owner.PostAsync("/api/auth/signout", [new("where", "everywhere"), new("page", "1")]);
                Assert.Equal("null", await owner.SessionAsync());
                break;
            case "others":
                await app.Sessions.RevokeOthersAsync(id, mine.Id, Token);
                break;
            default:
                await app.Sessions.RevokeUserAsync(id, RevocationReason.SignedOut, Token);
                break;
        }

        app.Clock.Advance(TimeSpan.FromMinutes(8));
        var page = await thief.ArriveAsync(fake.Answer(asked));

        Assert.Equal("Expired", page.Query("reason"));
        Assert.Equal("null", await thief.SessionAsync());
        Assert.Contains(app.Logs.All, line => line.Event.Id == 125);
    }

    // After a restore, or a leak: everybody signs in again, who had begun to as well.
    [Theory]
    [InlineData(30, "Expired")]
    [InlineData(90, null)]
    public async Task NorIsItAWayAroundTheMomentFromWhichSessionsCount(int secondsUntilItBegan, string? reason)
    {
        var fake = new FakeProvider { ChangeIdToken = claims => claims["exp"] = DateTimeOffset.MaxValue.ToUnixTimeSeconds() / 100 };
        await using var app = await fake.StartAppAsync(setup => setup.Options = options => options.Session.NotBefore = setup.Clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        using var browser = app.CreateBrowser();
        app.Clock.Advance(TimeSpan.FromSeconds(secondsUntilItBegan));
        var asked = (await browser.StartSignInAsync("google")).Location!;
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(reason, (await browser.ArriveAsync(fake.Answer(asked))).Query("reason"));
        Assert.Equal(reason is not null, await browser.SessionAsync() == "null");
    }

    // The recipe of who-may-sign-in.md: OnToken reads the roles of the database; whoever loses one is told of by UpdateUserClaimsAsync.
    [Fact]
    public async Task WhoLosesARoleWhileSigningInDoesNotGetIt()
    {
        StrikingStore store = null!;
        string[] roles = ["admin"];
        await using var app = await AuthApp.StartAsync(setup =>
        {
            store = new StrikingStore(new MemorySessionStore(setup.Clock));
            setup.Services = services => services.AddSingleton<ISessionStore>(store);
            setup.Options = options => options.Callbacks.OnToken = context =>
            {
                if (context.Trigger == TokenTrigger.SignIn)
                {
                    context.Claims["roles"] = new JsonArray([.. roles.Select(role => (JsonNode)role)]);
                }

                return ValueTask.FromResult(true);
            };
        });
        AuthApp running = app;
        store.OnCreate = async userId =>
        {
            roles = [];
            running.Clock.Advance(TimeSpan.FromMilliseconds(1));
            await running.Sessions.UpdateUserClaimsAsync(userId, claims => claims["roles"] = new JsonArray(), Token);
        };
        using var browser = app.CreateBrowser();

        await browser.SignInAsync("google");

        var user = Assert.Single(store.Created);
        Assert.DoesNotContain(await app.Sessions.ListAsync(user, Token), session => session.Claims.TryGetValue("roles", out var now) && now.ToString().Contains("admin", StringComparison.Ordinal));
    }

    // The same recipe: OnSignIn says no from now on, and RevokeUserAsync ends what is there. Or a password was changed, which the thief's sign-in has passed already.
    [Theory]
    [InlineData("google")]
    [InlineData("password")]
    public async Task WhoIsSentAwayWhileSigningInIsNotIn(string way)
    {
        StrikingStore store = null!;
        var isMember = true;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            store = new StrikingStore(new MemorySessionStore(setup.Clock));
            setup.Services = services => services.AddSingleton<ISessionStore>(store);
            setup.Options = options => options.Callbacks.OnSignIn = _ => ValueTask.FromResult(isMember ? SignInDecision.Allow : SignInDecision.Deny);
            setup.Providers = builder => builder.AddGoogle()
                .AddCredentials("password", _ => ValueTask.FromResult(CredentialsResult.Accept(new SessionUser { Id = "user-7", Name = "Ada" })));
        });
        AuthApp running = app;
        store.OnCreate = async userId =>
        {
            isMember = false;
            running.Clock.Advance(TimeSpan.FromMilliseconds(1));
            await running.Sessions.RevokeUserAsync(userId, Token);
        };
        using var browser = app.CreateBrowser();
        await SignInAsync(browser, way);

        Assert.Equal("null", await browser.SessionAsync());
        Assert.Empty(await app.Sessions.ListAsync(Assert.Single(store.Created), Token));
    }

    private static async Task SignInAsync(Browser browser, string way)
    {
        if (way == "password")
        {
            await browser.PressAsync(await browser.OpenAsync("/api/auth/signin"), "form[action*=password] button");
        }
        else
        {
            await browser.SignInAsync(way);
        }
    }

    private sealed class StrikingStore(ISessionStore inner) : ForwardingStore(inner)
    {
        public Func<string, Task>? OnCreate { get; set; }

        public List<string> Created { get; } = [];

        public override async Task<SessionRecord> CreateAsync(SessionRecord session, CancellationToken cancellationToken = default)
        {
            if (OnCreate is { } strike && session.Content.Length > 0)
            {
                Created.Add(session.UserId);
                OnCreate = null;
                Task struck;
                using (ExecutionContext.SuppressFlow())
                {
                    // By another request.
                    struck = Task.Run(() => strike(session.UserId), cancellationToken);
                }

                await struck;
            }

            return await base.CreateAsync(session, cancellationToken);
        }
    }
}
