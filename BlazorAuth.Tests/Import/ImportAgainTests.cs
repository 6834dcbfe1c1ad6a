using static BlazorAuth.Tests.Import.ImportSteps;

namespace BlazorAuth.Tests.Import;

/// <summary>What people and administrators did here between two runs stays as it is, and an ID alone makes nobody somebody else.</summary>
public sealed partial class ImportAgainTests : IDisposable
{
    private const string Google = "https://accounts.google.com";
    private const string GitHub = "https://github.com";

    private static readonly DateTimeOffset Earlier = new(2024, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private readonly FakeProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task AnAccountThatWasDisconnectedIsNotLinkedAgain()
    {
        await using var app = await _provider.StartAppAsync();
        await ImportAsync(app, User("7", ("google", "42"), ("github", "9")));
        Assert.Equal(UnlinkResult.Unlinked, await Manager(app).UnlinkAsync("7", Google, "42", null, Token));

        var report = await ImportAsync(app, User("7", ("google", "42"), ("github", "9")));

        Assert.Equal(new ImportConflict("7", "google", ImportConflictReason.AccountWasGivenUp), Assert.Single(report.Conflicts));
        Assert.Equal((1, 0), (report.AlreadyThere, report.Accounts));
        using var thief = app.CreateBrowser();
        await thief.SignInAsync(_provider, "google");
        Assert.NotEqual("7", await thief.UserIdAsync());
    }

    [Fact]
    public async Task NorIfItsOwnerHasOnlyOthersNow()
    {
        await using var app = await _provider.StartAppAsync();
        await ImportAsync(app, User("7", ("google", "42")));
        await Manager(app).LinkAsync(Account(app, GitHub, "9", "7"), Token);
        await Manager(app).UnlinkAsync("7", Google, "42", null, Token);
        var report = await ImportAsync(app, User("7", ("google", "42")));
        Assert.Equal(new ImportConflict("7", "google", ImportConflictReason.AccountWasGivenUp), Assert.Single(report.Conflicts));
        Assert.Equal("github", Assert.Single(await Manager(app).ListAccountsAsync("7", Token)).Provider);
    }

    [Fact]
    public async Task WhatItsOwnerConnectedOnceMoreIsTheirs()
    {
        await using var app = await _provider.StartAppAsync();
        await ImportAsync(app, User("7", ("google", "42"), ("github", "9")));
        await Manager(app).UnlinkAsync("7", Google, "42", null, Token);
        await Manager(app).LinkAsync(Account(app, Google, "42", "7"), Token);
        Assert.Empty((await ImportAsync(app, User("7", ("google", "42"), ("github", "9")))).Conflicts);
        Assert.Equal("7", (await Manager(app).FindAsync(Google, "42", Token))!.Id);
    }

    // They signed in here before the import, and that user was deleted. The administrator gives the account to whom the import has brought.
    [Fact]
    public async Task NorDoesANewUserGetAnAccountThatWasGivenUp()
    {
        await using var app = await _provider.StartAppAsync();
        using var early = app.CreateBrowser();
        await early.SignInAsync(_provider, "google");
        await Manager(app).DeleteAsync((await early.UserIdAsync())!, Token);

        var report = await ImportAsync(app, User("7", ("google", "42")), User("8", ("google", "42"), ("github", "9")));

        Assert.Equal(
            [
                new("7", "google", ImportConflictReason.AccountWasGivenUp), new("7", null, ImportConflictReason.NoWayIn), new("8", "google", ImportConflictReason.AccountWasGivenUp),
            ],
            report.Conflicts);
        Assert.Null(await Manager(app).FindAsync(Google, "42", Token));
        Assert.Equal(LinkResult.Linked, await Manager(app).LinkAsync(Account(app, Google, "42", "7"), Token));
        using var late = app.CreateBrowser();
        await late.SignInAsync(_provider, "google");
        Assert.Equal("7", await late.UserIdAsync());
    }

    [Fact]
    public async Task AnotherRunTakesNothingBack()
    {
        await using var app = await _provider.StartAppAsync();
        var user = User("7", ("google", "42"), ("github", "9")) with { Email = "old@example.com", EmailVerifiedAt = Earlier };
        var retired = User(AccountRecord.DefaultUserIdOf(GitHub, "9"), ("google", "45"));
        await ImportAsync(app, user, User("deleted", ("google", "43")), User("other", ("google", "44")));
        await Manager(app).UpdateAsync((await Manager(app).FindAsync("7", Token))! with { Name = "Ada King", Email = "new@example.com", EmailVerifiedAt = null }, Token);
        await Manager(app).UnlinkAsync("7", GitHub, "9", null, Token);
        await Manager(app).LinkAsync(Account(app, GitHub, "9", "other"), Token);
        await Manager(app).BanAsync("7", DateTimeOffset.MaxValue, "fraud", Token);
        await Manager(app).DeleteAsync("deleted", Token);
        var before = await Manager(app).FindAsync("7", Token);

        var report = await ImportAsync(app, user, User("deleted", ("google", "43")), User("deleted", ("google", "46")), retired);

        Assert.Equal(
            [
                new("7", "github", ImportConflictReason.AccountOfSomebodyElse), new("deleted", null, ImportConflictReason.IdWasUsed), new("deleted", null, ImportConflictReason.IdWasUsed),
                new(retired.Id, null, ImportConflictReason.IdWasUsed),
            ],
            report.Conflicts);
        Assert.Equal(before, await Manager(app).FindAsync("7", Token));
        Assert.Equal("other", (await Manager(app).FindAsync(GitHub, "9", Token))!.Id);
        Assert.Null(await Manager(app).FindAsync("deleted", Token));
        Assert.Null(await Manager(app).FindAsync(Google, "46", Token));
    }

    // It is the ID of who signs in here with the second account, and was never anybody's.
    [Fact]
    public async Task AUserMayHaveTheIdThatTheirSecondAccountStandsFor()
    {
        await using var app = await _provider.StartAppAsync();
        var report = await ImportAsync(app, User(AccountRecord.DefaultUserIdOf(Google, "42"), ("github", "9"), ("google", "42")));
        Assert.Equal((2, 0), (report.Accounts, report.ConflictCount));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static AccountRecord Account(AuthApp app, string issuer, string subject, string userId)
    {
        var now = app.Clock.GetUtcNow();
        return new() { Issuer = issuer, Subject = subject, Provider = issuer == Google ? "google" : "github", UserId = userId, LinkedAt = now, LastUsedAt = now };
    }
}
