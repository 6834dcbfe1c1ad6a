using static BlazorAuth.Tests.Import.ImportSteps;

namespace BlazorAuth.Tests.Import;

/// <summary>Two libraries may both have a user "1", and a provider may say that it is another one.</summary>
public sealed class ImportedIdTests : IDisposable
{
    private const string Google = "https://accounts.google.com";

    private static readonly DateTimeOffset Earlier = new(2024, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private readonly FakeProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task TwoPeopleWithOneIdStayTwo()
    {
        await using var app = await _provider.StartAppAsync();
        await ImportAsync(app, User("1", ("github", "1001")));

        var report = await ImportAsync(app, User("1", ("google", "42")));

        Assert.Equal(new ImportConflict("1", "google", ImportConflictReason.IdOfSomebodyElse), Assert.Single(report.Conflicts));
        using var other = app.CreateBrowser();
        await other.SignInAsync(_provider, "google");
        Assert.NotEqual("1", await other.UserIdAsync());
    }

    // The app has no page for passwords, so an account of one is left out, and a user who has nothing else has no way in.
    [Theory]
    [InlineData("credential", "1", true)]
    [InlineData("password", "", true)]
    [InlineData("Credentials", "1", false)]
    [InlineData("elsewhere", "1", false)]
    public async Task APasswordThatWasLeftOutMakesTwoPeopleNoOne(string name, string subject, bool hasAddresses)
    {
        await using var app = await _provider.StartAppAsync();
        await ImportAsync(app, Of("kim", 2020, (name, subject)));

        var report = await ImportAsync(app, Of("eve", 2022, (name, subject), ("google", "42")));

        Assert.Contains(new ImportConflict("1", hasAddresses ? null : "google", ImportConflictReason.IdOfSomebodyElse), report.Conflicts);
        Assert.Equal(0, report.Accounts);
        using var eve = app.CreateBrowser();
        await eve.SignInAsync(_provider, "google");
        Assert.NotEqual("1", await eve.UserIdAsync());

        ImportedUser Of(string who, int year, params (string, string)[] accounts) => User("1", accounts) with
        {
            Email = hasAddresses ? $"{who}@example.com" : null, EmailVerifiedAt = hasAddresses ? DateTimeOffset.UnixEpoch : null,
            CreatedAt = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero),
        };
    }

    [Fact]
    public async Task WhoHasAnotherAddressBringsNoBanAlong()
    {
        await using var app = await _provider.StartAppAsync();
        await ImportAsync(app, User("1", ("github", "1001")) with { Email = "ada@example.com" });

        var report = await ImportAsync(app, User("1", ("google", "42")) with { Email = "kim@example.com", BannedUntil = DateTimeOffset.MaxValue });

        Assert.Equal(new ImportConflict("1", null, ImportConflictReason.IdOfSomebodyElse), Assert.Single(report.Conflicts));
        Assert.Equal((0, 0, 0), (report.AlreadyThere, report.Accounts, report.Banned));
        Assert.Null((await Manager(app).FindAsync("1", Token))!.BannedUntil);
        Assert.Null(await Manager(app).FindAsync(Google, "42", Token));
    }

    [Theory]
    [InlineData("google")]
    [InlineData("password")]
    [InlineData(null)]
    public async Task NorDoesSomebodyOfWhomNothingTells(string? provider)
    {
        await using var app = await _provider.StartAppAsync(setup => setup.Providers += builder => builder.AddCredentials(
            "password", _ => ValueTask.FromResult(CredentialsResult.Refuse())));
        await ImportAsync(app, User("1", ("github", "1001"), ("password", "1")));
        var row = User("1", provider is null ? [] : [(provider, "42")]) with { BannedUntil = DateTimeOffset.MaxValue };

        var report = await ImportAsync(app, row);

        Assert.Contains(new ImportConflict("1", null, ImportConflictReason.IdOfSomebodyElse), report.Conflicts);
        Assert.Equal((0, 0), (report.Accounts, report.Banned));
        Assert.Null((await Manager(app).FindAsync("1", Token))!.BannedUntil);
    }

    [Fact]
    public async Task ABanThatIsThereAlreadyIsNotReported()
    {
        await using var app = await _provider.StartAppAsync();
        await ImportAsync(app, User("1", ("github", "1001")) with { BannedUntil = DateTimeOffset.MaxValue });
        Assert.Equal(ImportConflictReason.NoWayIn, Assert.Single((await ImportAsync(app, User("1") with { BannedUntil = DateTimeOffset.MaxValue })).Conflicts).Reason);
    }

    [Theory]
    [InlineData("ada@example.com", true, "ADA@example.com", true, false, true)]
    [InlineData("ada@example.com", true, "ada@example.com", true, true, false)]
    [InlineData("ada@example.com", true, "ada@example.com", false, false, false)]
    [InlineData("ada@example.com", false, "ada@example.com", true, false, false)]
    [InlineData("ada@example.com", true, "kim@example.com", true, false, false)]
    [InlineData("ada@example.com", true, null, false, false, false)]
    [InlineData(null, false, null, false, false, false)]
    public async Task AVerifiedAddressTellsThatTheyAreOneUnlessTheirAgesDiffer(string? here, bool isVerifiedHere, string? there, bool isVerifiedThere, bool isYounger, bool isOne)
    {
        await using var app = await _provider.StartAppAsync();
        await ImportAsync(app, User("1", ("github", "1001")) with { Email = here, EmailVerifiedAt = isVerifiedHere ? Earlier : null, CreatedAt = Earlier });
        var row = User("1", ("google", "42")) with { Email = there, EmailVerifiedAt = isVerifiedThere ? Earlier : null, CreatedAt = Earlier.AddDays(isYounger ? 1 : 0) };
        var report = await ImportAsync(app, row);
        Assert.Equal((isOne ? 1 : 0, isOne ? 0 : 1), (report.Accounts, report.ConflictCount));
        Assert.Equal(isOne ? "1" : null, (await Manager(app).FindAsync(Google, "42", Token))?.Id);
    }

    // Their password is the app's own account, whose subject is the same ID.
    [Fact]
    public async Task APasswordTellsNobodyApart()
    {
        await using var app = await _provider.StartAppAsync(setup => setup.Providers += builder => builder.AddCredentials(
            "password", _ => ValueTask.FromResult(CredentialsResult.Refuse())));
        await ImportAsync(app, User("1", ("password", "1")));
        Assert.Empty((await ImportAsync(app, User("1", ("password", "1")))).Conflicts);
        var report = await ImportAsync(app, User("1", ("password", "1"), ("google", "42")));
        Assert.Equal(new ImportConflict("1", "google", ImportConflictReason.IdOfSomebodyElse), Assert.Single(report.Conflicts));
    }

    // As the report of the first run says: map the name, and import again.
    [Fact]
    public async Task WhoseProviderWasUnknownGetsTheirAccountOnceItIsNamed()
    {
        await using var app = await _provider.StartAppAsync();
        var options = new ImportOptions { Providers = { ["goggle"] = "google" } };
        var report = await ImportAsync(app, User("7", ("goggle", "42")));
        Assert.Equal([new("7", "goggle", ImportConflictReason.UnknownProvider), new("7", null, ImportConflictReason.NoWayIn)], report.Conflicts);

        var other = await ImportAsync(app, options, User("7", ("goggle", "43")));
        report = await ImportAsync(app, options, User("7", ("goggle", "42")));

        Assert.Equal(new ImportConflict("7", "google", ImportConflictReason.IdOfSomebodyElse), Assert.Single(other.Conflicts));
        Assert.Equal((1, 0), (report.Accounts, report.ConflictCount));
        Assert.Equal("google", Assert.Single(await Manager(app).ListAccountsAsync("7", Token)).Provider);
    }

    [Theory]
    [InlineData(Google)]
    [InlineData("https://gone.example")]
    public async Task AProviderThatSaysItIsAnotherBringsNobody(string claimed)
    {
        var fake = new OpenIdFake { Discovery = { ["issuer"] = claimed } };
        await using var app = await fake.StartAsync();

        var report = await ImportAsync(app, User("7", ("work", "42")), User("8", ("work", "43")) with { Accounts = [new("work", "43") { Issuer = "https://named.example" }] }, User("9", ("work", "44")));

        Assert.Equal(
            [
                new("7", "work", ImportConflictReason.DoubtfulIssuer), new("7", null, ImportConflictReason.NoWayIn),
                new("9", "work", ImportConflictReason.DoubtfulIssuer), new("9", null, ImportConflictReason.NoWayIn),
            ],
            report.Conflicts);
        Assert.Null(await Manager(app).FindAsync(claimed, "42", Token));
        Assert.Equal("8", (await Manager(app).FindAsync("https://named.example", "43", Token))!.Id);
        var line = Assert.Single(app.Logs.Own, line => line.Event.Id == 732);
        Assert.Contains("AUTH_WORK_ISSUER", line.Text, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
