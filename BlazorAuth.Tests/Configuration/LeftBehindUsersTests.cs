using BlazorAuth.Startup;

namespace BlazorAuth.Tests.Configuration;

/// <summary>An app gets another store, and its users stay where they were.</summary>
public sealed class LeftBehindUsersTests
{
    [Theory]
    [InlineData("sqlite:sessions.db", null, true)]
    [InlineData("sqlite:sessions.db", "off", true)]
    [InlineData("sqlite:sessions.db", "sqlite:App_Data/blazorauth.db", false)]
    [InlineData("sqlite:App_Data/blazorauth.db", "sqlite:users.db", false)]
    [InlineData(null, null, false)]
    public async Task AFileWithUsersThatIsNotUsedIsWarnedAbout(string? store, string? accounts, bool isWarned)
    {
        using var folder = new TempFolder();
        await using (var before = await StartAsync(folder, null, null))
        {
            using var browser = before.CreateBrowser();
            await browser.SignInAsync("google");
        }

        await using var app = await StartAsync(folder, store, accounts);

        Assert.Equal(isWarned, app.Logs.Own.Any(line => line.Event.Id == 714 && line.Text.Contains("blazorauth.db", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AFileWithoutUsersOrOfSomethingElseIsNot()
    {
        using var folder = new TempFolder();
        await (await StartAsync(folder, null, null)).DisposeAsync();
        await using (var app = await StartAsync(folder, "sqlite:sessions.db", null))
        {
            Assert.DoesNotContain(app.Logs.Own, line => line.Event.Id == 714);
        }

        await File.WriteAllTextAsync(Path.Combine(folder.Path, AuthOptionsSetup.DefaultFile), "no database at all", TestContext.Current.CancellationToken);
        await using var other = await StartAsync(folder, "sqlite:sessions.db", null);
        Assert.DoesNotContain(other.Logs.Own, line => line.Event.Id == 714);
    }

    private static Task<AuthApp> StartAsync(TempFolder folder, string? store, string? accounts) => AuthApp.StartAsync(setup =>
    {
        setup.ContentRoot = folder.Path;
        setup.Settings["AUTH_STORE"] = store;
        setup.Settings["AUTH_ACCOUNTS"] = accounts;
    });
}
