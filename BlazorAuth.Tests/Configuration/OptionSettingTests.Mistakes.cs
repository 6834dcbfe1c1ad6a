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
