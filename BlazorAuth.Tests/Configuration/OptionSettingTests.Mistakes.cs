using System.Globalization;

namespace BlazorAuth.Tests.Configuration;

/// <content>Names that nothing reads, and what files and shells add to values.</content>
public sealed partial class OptionSettingTests
{
    [Theory]
    [InlineData("AUTH_GOOGLE_CLIENT_ID", "AUTH_GOOGLE_ID")]
    [InlineData("Auth:GitHub:ClientSecret", "Auth:github:Secret")]
    [InlineData("AUTH_SECRETS", "AUTH_SECRET")]
    [InlineData("AUTH_ALLOWED_ORIGIN", "AUTH_ALLOWED_ORIGINS")]
    [InlineData("Auth:RateLimits:PermitLimit", "Auth:RateLimit:PermitLimit")]
    [InlineData("Auth:Session:IdleLifeTimes", "Auth:Session:IdleLifetime")]
    [InlineData("AUTH_GITHUB_SECERT", "AUTH_GITHUB_SECRET")]
    public async Task AMisspeltNameIsWarnedAboutWithTheRightOne(string name, string meant)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Settings[name] = "the-value-that-is-not-logged");
        var line = Assert.Single(app.Logs.Own, line => line.Event.Id == 620);
        Assert.Contains($"{name} is set, but not used. Did you mean {meant}?", line.Text, StringComparison.Ordinal);
        app.Logs.AssertHoldsNone(["the-value-that-is-not-logged"]);
    }

    [Fact]
    public async Task ANameOfSomethingElseIsWarnedAboutWithoutAGuess()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Settings["AUTH_COMPLETELY_DIFFERENT_THING"] = "x");
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 621 && line.Text.Contains("AUTH_COMPLETELY_DIFFERENT_THING", StringComparison.Ordinal));
    }

    // Code may also take the secret from wherever it wants.
    [Theory]
    [InlineData("AUTH_SECRET_1", "the-next-secret-of-the-tests-that-is-long-enough", true)]
    [InlineData("AUTH_SECRET", "the-next-secret-of-the-tests-that-is-long-enough", true)]
    [InlineData("AUTH_SECRET_2", AuthApp.Secret, false)]
    public async Task ASecretThatCodeDoesNotUseIsWarnedAbout(string name, string secret, bool isWarned)
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Settings["AUTH_SECRET"] = null;
            setup.Settings[name] = secret;
            setup.Options = options => options.Secrets.Add(AuthApp.Secret);
        });
        Assert.Equal(isWarned, app.Logs.Own.Any(line => line.Event.Id == 624 && line.Text.Contains(name, StringComparison.Ordinal)));
        Assert.DoesNotContain(app.Logs.Own, line => line.Event.Id is 620 or 621);
        app.Logs.AssertHoldsNone([secret]);
    }

    [Fact]
    public async Task ATwinThatTheVariableOverridesIsNotSaidToBeReplacedByCode()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Settings["Auth:Secret"] = "the-secret-of-appsettings-that-is-long-enough");
        Assert.DoesNotContain(app.Logs.Own, line => line.Event.Id == 624);
    }

    // Berlin's time in winter, written as UTC.
    [Theory]
    [InlineData(59, false)]
    [InlineData(6, false)]
    [InlineData(4, true)]
    public async Task AMomentAheadStopsTheStart(int minutes, bool starts)
    {
        var error = await Record.ExceptionAsync(async () =>
        {
            await using var app = await AuthApp.StartAsync(setup => setup.Settings["AUTH_SESSIONS_NOT_BEFORE"] =
                setup.Clock.GetUtcNow().AddMinutes(minutes).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        });
        Assert.Equal(starts, error is null);
        Assert.Equal(!starts, error is AuthSetupException { Message: var message } && message.Contains("AUTH_SESSIONS_NOT_BEFORE is in the future", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Production", "memory", null, 623)]
    [InlineData("Production", "memory", "memory", 623)]
    [InlineData("Production", "sqlite:sessions.db", "memory", 715)]
    [InlineData("Production", "sqlite:sessions.db", null, null)]
    [InlineData("Production", "memory", "sqlite:users.db", 623)]
    [InlineData("Development", "memory", null, null)]
    [InlineData("Development", "sqlite:sessions.db", "memory", null)]
    public async Task AStoreThatForgetsBansIsWarnedAbout(string environment, string store, string? accounts, int? warning)
    {
        using var folder = new TempFolder();
        await using var app = await AuthApp.StartAsync(setup =>
        {
            (setup.Environment, setup.StandIns, setup.Providers, setup.ContentRoot) = (environment, false, _ => { }, folder.Path);
            (setup.Settings["AUTH_STORE"], setup.Settings["AUTH_ACCOUNTS"], setup.Settings["AUTH_URL"]) = (store, accounts, "https://app.example");
        });
        Assert.Equal(warning is { } one ? [one] : [], app.Logs.Own.Select(line => line.Event.Id).Where(id => id is 623 or 715));
    }

    // Of the settings of providers, each kind has its own.
    [Theory]
    [InlineData("AUTH_WORK_TOKEN_ENDPOINT")]
    [InlineData("AUTH_WORK_EMAILS_ENDPOINT")]
    [InlineData("AUTH_ACME_ID_TOKEN_ALG")]
    [InlineData("AUTH_ACME_DISCOVERY")]
    public async Task ASettingOfAnotherKindOfProviderIsWarnedAbout(string name)
    {
        using var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup => setup.Settings[name] = "https://id.example/x");
        Assert.Contains(app.Logs.Own, line => line.Event.Id is 620 or 621 && line.Text.Contains(name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(" {0}")]
    [InlineData("{0}\n")]
    [InlineData("\"{0}\"")]
    [InlineData("'{0}'")]
    public async Task ASecretIsNeverChangedAndStopsTheStartInstead(string form)
    {
        foreach (var name in (string[])["AUTH_SECRET", "AUTH_SECRET_2"])
        {
            var error = await Assert.ThrowsAsync<AuthSetupException>(() =>
                AuthApp.StartAsync(setup => setup.Settings[name] = string.Format(CultureInfo.InvariantCulture, form, "a-secret-of-forty-letters-that-nobody-knows")));
            Assert.Contains($"{name} starts or ends", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("forty", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("AUTH_WORK_SECRET", "\t{0}\r\n")]
    [InlineData("AUTH_WORK_SECRET", "\"{0}\"")]
    [InlineData("AUTH_WORK_SECRET", " '{0}' ")]
    public async Task AProvidersValueLosesWhatFilesAddToIt(string name, string form)
    {
        var fake = new OpenIdFake();
        fake.Hooks["/token"] = seen => seen.Field("client_secret") == OpenIdFake.Secret ? null : OpenIdFake.Error("invalid_client");
        await using var app = await fake.StartAsync(setup =>
        {
            setup.Settings["AUTH_WORK_CLIENT_AUTH"] = "post";
            setup.Settings[name] = string.Format(CultureInfo.InvariantCulture, form, OpenIdFake.Secret);
        });
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
    }
}
