using System.Security.Claims;
using System.Text;
using BlazorAuth.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace BlazorAuth.Tests.Identity;

/// <summary>The check of each interval on several nodes: whoever chooses the node for each request is asked about all the same.</summary>
public sealed partial class IdentityStampTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhoGoesFromNodeToNodeIsAskedAboutWithinTheInterval(bool renewsByPages)
    {
        await using var nodes = await TwoNodes.StartAsync(options => options.Session.UpdateAge = renewsByPages ? TimeSpan.FromMinutes(5) : options.Session.UpdateAge);
        var ada = await nodes.A.CreateAsync("ada@example.com");
        using var browser = await nodes.A.SignInAsync(ada);
        await AnotherProgramChangesTheStampAsync(nodes.A);
        await nodes.VisitAsync(browser, renewsByPages, 20, async there => Assert.Equal("ada@example.com", await there.NameAsync()));
        await nodes.VisitAsync(browser, renewsByPages, 12, async there => Assert.Equal("null", await there.SessionAsync()));
    }

    [Fact]
    public async Task ARoleThatWasTakenAwayIsGoneOnEveryNode()
    {
        await using var nodes = await TwoNodes.StartAsync();
        var ada = await nodes.A.CreateAsync("ada@example.com");
        await nodes.A.WithAsync<RoleManager<IdentityRole>>(roles => roles.CreateAsync(new IdentityRole("editor")));
        await nodes.A.ChangeAsync(ada, (users, user) => users.AddToRoleAsync(user, "editor"));
        using var browser = await nodes.A.SignInAsync(ada);
        await nodes.A.ChangeAsync(ada, (users, user) => users.RemoveFromRoleAsync(user, "editor"));
        await nodes.VisitAsync(browser, renewsByPages: false, 20, async there => Assert.Equal("editor", await RoleAsync(there)));
        await nodes.VisitAsync(browser, renewsByPages: false, 12, async there =>
        {
            Assert.Equal("ada@example.com", await there.NameAsync());
            Assert.Null(await RoleAsync(there));
        });

        static async Task<string?> RoleAsync(Browser browser) => (string?)(await browser.OpenAsync("/claims")).Json![ClaimTypes.Role];
    }

    // After a restart all come at once, and a page sends many requests.
    [Fact]
    public async Task TheRequestsOfOneSessionAskOnce()
    {
        var asked = 0;
        var answer = new TaskCompletionSource();
        await using var app = await IdentityApp.StartAsync(identity: builder => builder.AddUserStore<SlowUserStore>(), more: setup =>
            setup.Services += services => services.AddSingleton<Func<Task>>(() =>
            {
                asked++;
                return answer.Task;
            }));
        answer.SetResult();
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        var session = Assert.Single(await app.App.Sessions.ListAsync(ada.Id, TestContext.Current.CancellationToken));
        app.App.Clock.Advance(TimeSpan.FromMinutes(31));
        (asked, answer) = (0, new TaskCompletionSource());
        var checks = app.App.Services.GetRequiredService<StampChecks<IdentityUser>>();
        using var impatient = new CancellationTokenSource();

        var first = checks.MayGoOnAsync(session, impatient.Token).AsTask();
        var others = Enumerable.Range(0, 5).Select(_ => checks.MayGoOnAsync(session, TestContext.Current.CancellationToken).AsTask()).ToList();
        await impatient.CancelAsync();
        answer.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.All(await Task.WhenAll(others), Assert.True);
        Assert.Equal(1, asked);
    }

    /// <summary>Two nodes on one session store and one database of Identity.</summary>
    private sealed class TwoNodes(IdentityApp a, IdentityApp b, TestClock clock, SqliteConnection database) : IAsyncDisposable
    {
        private bool _isAtB;

        public IdentityApp A { get; } = a;

        public static async Task<TwoNodes> StartAsync(Action<AuthOptions>? options = null)
        {
            var database = new SqliteConnection("DataSource=:memory:");
            await database.OpenAsync(TestContext.Current.CancellationToken);
            var clock = new TestClock();
            var store = new MemorySessionStore(clock);
            void Set(AuthAppSetup setup)
            {
                (setup.Clock, setup.Options) = (clock, options);
                setup.Services = services =>
                {
                    IdentityApp.AddIdentity(services, database);
                    services.AddSingleton<ISessionStore>(store);
                };
            }

            return new TwoNodes(await IdentityApp.StartAsync(Set), await IdentityApp.StartAsync(Set), clock, database);
        }

        /// <summary>Goes on at the other node, some minutes later, and has the token renewed.</summary>
        public async Task VisitAsync(Browser browser, bool renewsByPages, int minutes, Func<Browser, Task> look)
        {
            clock.Advance(TimeSpan.FromMinutes(minutes));
            _isAtB = !_isAtB;
            using var there = (_isAtB ? b : A).App.CreateBrowser();
            there.Cookies[AuthApp.SessionCookie] = browser.Cookies[AuthApp.SessionCookie];
            await look(there);
            if (!renewsByPages)
            {
                await there.FetchAsync(HttpMethod.Post, "/api/auth/session", new StringContent("{}", Encoding.UTF8, "application/json"));
            }

            if (there.Cookies[AuthApp.SessionCookie] is { } renewed)
            {
                browser.Cookies[AuthApp.SessionCookie] = renewed;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await A.DisposeAsync();
            await b.DisposeAsync();
            await database.DisposeAsync();
        }
    }

    /// <summary>Answers when the test says so.</summary>
    private sealed class SlowUserStore(IdentityDbContext context, Func<Task> wait) : UserStore<IdentityUser>(context)
    {
        public override async Task<IdentityUser?> FindByIdAsync(string userId, CancellationToken cancellationToken = default)
        {
            await wait();
            return await base.FindByIdAsync(userId, cancellationToken);
        }
    }
}
