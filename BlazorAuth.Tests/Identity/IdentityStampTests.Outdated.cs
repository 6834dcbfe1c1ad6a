using BlazorAuth.Circuits;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace BlazorAuth.Tests.Identity;

/// <summary>A session whose stamp is out of date does not get the new one because its own request changes the user.</summary>
public sealed partial class IdentityStampTests
{
    [Theory]
    [InlineData("/phone?name=ada@example.com")]
    [InlineData("/profile")]
    [InlineData("/refresh")]
    public async Task ASessionWhoseStampIsOutOfDateEndsWithItsOwnRequestToo(string request)
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var thief = await app.SignInAsync(ada);
        await AnotherProgramChangesTheStampAsync(app);
        using var owner = await app.SignInAsync(ada);

        await thief.PostAsync(request);

        Assert.Equal("null", await thief.SessionAsync());
        if (!request.StartsWith("/phone", StringComparison.Ordinal))
        {
            Assert.Equal("ada@example.com", await owner.NameAsync());
            app.App.Clock.Advance(TimeSpan.FromMinutes(31));
            Assert.Equal("ada@example.com", await owner.NameAsync());
        }
    }

    [Fact]
    public async Task ThatHoldsForAnAppsOwnManager()
    {
        await using var app = await IdentityApp.StartAsync(identity: builder => builder.AddUserManager<OwnManager>());
        var ada = await app.CreateAsync("ada@example.com");
        using var thief = await app.SignInAsync(ada);
        await AnotherProgramChangesTheStampAsync(app);
        Assert.Equal("Succeeded", (await thief.PostAsync("/profile")).Text);
        Assert.Equal("null", await thief.SessionAsync());
    }

    // The circuit's database context may remember the user from before the other program's change.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AndForAChangeThatAnOpenPageMakes(bool isOutOfDate)
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        await using var scope = app.App.Services.CreateAsyncScope();
        var circuit = await app.OpenCircuitAsync(browser, scope.ServiceProvider.GetRequiredService<SessionStateProvider>());
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
        var user = (await users.FindByIdAsync(ada.Id))!;
        Assert.True((await users.SetPhoneNumberAsync(user, "1")).Succeeded);
        Assert.True((await circuit.NewsAsync()).Identity!.IsAuthenticated);
        if (isOutOfDate)
        {
            await AnotherProgramChangesTheStampAsync(app);
        }

        Assert.True((await users.SetPhoneNumberAsync(user, "2")).Succeeded);

        Assert.Equal(isOutOfDate ? "null" : "ada@example.com", isOutOfDate ? await browser.SessionAsync() : await browser.NameAsync());
        Assert.Equal(!isOutOfDate, (isOutOfDate ? await circuit.NewsAsync() : (await circuit.State.GetAuthenticationStateAsync()).User).Identity!.IsAuthenticated);
    }

    /// <summary>Nobody else sees what the first of them changed before both are there.</summary>
    [Fact]
    public async Task WhoMakesTwoChangesInATransactionStaysSignedIn()
    {
        using var folder = new TempFolder();
        using var database = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "users.db")};Pooling=False");
        await using var app = await IdentityApp.StartAsync(setup => setup.Services = services => IdentityApp.AddIdentity(services, database));
        var ada = await app.CreateAsync("ada@example.com");
        using var here = await app.SignInAsync(ada);
        using var there = await app.SignInAsync(ada);

        Assert.Equal("(Succeeded, Succeeded)", (await here.PostAsync("/two-changes")).Text);

        Assert.Equal("null", await there.SessionAsync());
        app.App.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal("ada@example.com", await here.NameAsync());
    }

    [Fact]
    public async Task WhereTheEarlierStampCannotBeReadTheChangeSignsItsPersonOut()
    {
        await using var app = await IdentityApp.StartAsync(identity: builder => builder.AddUserStore<FaultyUserStore>());
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        Assert.Equal("Succeeded", (await browser.PostAsync("/password")).Text);
        Assert.Contains(app.App.Logs.All, line => line.Event.Id == 725);
        Assert.Equal("null", await browser.SessionAsync());
    }

    private static Task AnotherProgramChangesTheStampAsync(IdentityApp app) =>
        ChangeRowAsync(app, users => users.ExecuteUpdateAsync(update => update.SetProperty(user => user.SecurityStamp, "another")));

    /// <summary>Does not answer whoever waits only for a time.</summary>
    private sealed class FaultyUserStore(IdentityDbContext context) : UserStore<IdentityUser>(context)
    {
        public override Task<IdentityUser?> FindByIdAsync(string userId, CancellationToken cancellationToken = default) =>
            cancellationToken.CanBeCanceled ? throw new TimeoutException() : base.FindByIdAsync(userId, cancellationToken);
    }
}
