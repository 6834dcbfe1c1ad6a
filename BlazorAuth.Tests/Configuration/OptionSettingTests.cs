using System.Globalization;
using BlazorAuth.Configuration;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Configuration;

/// <summary>Every option can be set by environment and <c>appsettings</c>; a name that nothing reads is warned about.</summary>
public sealed partial class OptionSettingTests
{
    [Fact]
    public async Task EveryOptionIsSetByItsVariableAndByItsPath()
    {
        foreach (var byVariable in (bool[])[true, false])
        {
            await using var app = await AuthApp.StartAsync(setup =>
            {
                setup.Settings.Remove("AUTH_STORE");
                foreach (var setting in OptionSetting.All)
                {
                    var path = "Auth:" + setting.Path + (setting.IsMap ? ":accent" : setting.IsList && !byVariable ? ":0" : "");
                    setup.Settings[byVariable && !setting.IsMap ? "AUTH_" + setting.Variable : path] = Example(setting);
                }
            });
            var options = app.Services.GetRequiredService<IOptions<AuthOptions>>().Value;
            foreach (var setting in OptionSetting.All)
            {
                var value = setting.Property.GetValue(setting.OwnerIn(options));
                Assert.True(Same(setting, value), $"{setting.Path} is {value}, by {(byVariable ? setting.Variable : setting.Path)}");
            }

            Assert.DoesNotContain(app.Logs.Own, line => line.Event.Id is 620 or 621);
        }
    }

    [Theory]
    [InlineData("AUTH_RATE_LIMIT_PERMIT_LIMIT", "many", "not a whole number")]
    [InlineData("Auth:RateLimit:Window", "soon", "not a duration")]
    [InlineData("AUTH_SESSION_FRESH_FOR", "15", "not a duration")]
    [InlineData("AUTH_RATE_LIMIT_WINDOW", "60", "not a duration")]
    [InlineData("Auth:Session:IdleLifetime", "7.5", "not a duration")]
    [InlineData("AUTH_SESSION_UPDATE_AGE", "24:00:00", "not a duration")]
    [InlineData("AUTH_SESSION_UPDATE_AGE", "90:00", "not a duration")]
    [InlineData("AUTH_SESSION_FRESH_FOR", "15:00", "not a duration")]
    [InlineData("AUTH_SESSION_FRESH_FOR", "PT15M", "not a duration")]
    [InlineData("AUTH_RATE_LIMIT_PERMIT_LIMIT", "99999999999", "not a whole number")]
    [InlineData("AUTH_SESSIONS_NOT_BEFORE", "yesterday", "not a date and time")]
    [InlineData("AUTH_SESSIONS_NOT_BEFORE", "10.11.2026 14:00", "not a date and time")]
    [InlineData("AUTH_SESSIONS_NOT_BEFORE", "12:00", "not a date and time")]
    [InlineData("Auth:Session:NotBefore", "11/2026", "not a date and time")]
    [InlineData("AUTH_SESSIONS_NOT_BEFORE", "", "is set, but empty")]
    [InlineData("AUTH_ACCOUNTS", "", "is set, but empty")]
    [InlineData("Auth:Accounts:Store", "", "is set, but empty")]
    [InlineData("Auth:Session:NotBefore", "", "is set, but empty")]
    [InlineData("Auth:Session:AcceptAuthJsTokens", "yes", "neither true nor false")]
    [InlineData("AUTH_COOKIES_SAME_SITE", "7", "not one of")]
    [InlineData("Auth:Pages:Bridge", "Bulma", "FluentUi")]
    public async Task AValueThatCannotBeReadStopsTheStartByName(string name, string value, string words)
    {
        var error = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup => setup.Settings[name] = value));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain($"'{value}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-11-10T14:00:00Z", 14)]
    [InlineData("2026-11-10T14:00:00.5Z", 14.000138888888889)]
    [InlineData("2026-11-10T16:00+02:00", 14)]
    [InlineData("2026-11-10 14:00", 14)]
    [InlineData("2026-11-10", 0)]
    public async Task AMomentIsReadAsItIsWritten(string value, double hours)
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Clock = new TestClock(new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero));
            setup.Settings["AUTH_SESSIONS_NOT_BEFORE"] = value;
        });
        var moment = app.Services.GetRequiredService<IOptions<AuthOptions>>().Value.Session.NotBefore!.Value;
        Assert.Equal(hours, (moment - new DateTimeOffset(2026, 11, 10, 0, 0, 0, TimeSpan.Zero)).TotalHours, 6);
    }

    [Theory]
    [InlineData("00:15:00", 900)]
    [InlineData("1.06:00:00", 108_000)]
    [InlineData("-00:00:00.0010000", -0.001)]
    public async Task ADurationSaysItsUnits(string value, double seconds)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Settings["AUTH_SESSION_FRESH_FOR"] = value);
        Assert.Equal(TimeSpan.FromSeconds(seconds), app.Services.GetRequiredService<IOptions<AuthOptions>>().Value.Session.FreshFor);
    }

    // "60" and "24:00:00" are days to the platform; zero is the same in every unit.
    [Fact]
    public async Task ZeroNeedsNoUnit()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Settings["AUTH_DRAIN_DELAY"] = "0");
        Assert.Equal(TimeSpan.Zero, app.Services.GetRequiredService<IOptions<AuthOptions>>().Value.DrainDelay);
    }

    // A list that allows less than none does: AUTH_…=${TENANTS}, and nobody set TENANTS.
    [Theory]
    [InlineData("AUTH_SESSION_FRESH_PROVIDERS", "")]
    [InlineData("AUTH_SESSION_FRESH_PROVIDERS", " ")]
    [InlineData("Auth:Session:FreshProviders", "")]
    [InlineData("Auth:SessionFreshProviders", "")]
    [InlineData("Auth:Session:FreshProviders:0", "")]
    [InlineData("AUTH_WORK_TENANTS", "")]
    [InlineData("AUTH_WORK_TENANTS", "''")]
    [InlineData("AUTH_WORK_TENANTS:0", "")]
    [InlineData("Auth:Work:Tenants", "")]
    public async Task AnEmptyListThatAllowsLessThanNoneStopsTheStart(string name, string value)
    {
        var error = await Assert.ThrowsAsync<AuthSetupException>(async () =>
        {
            await using var app = await new OpenIdFake().StartAsync(setup => setup.Settings[name] = value);
        });
        Assert.Contains("is set, but names nothing", error.Message, StringComparison.Ordinal);
    }

    // Where a variable is empty, what appsettings says counts; an empty one of a list that allows more is as none.
    [Fact]
    public async Task AnEmptyVariableGoesNotBeforeAListThatSomethingElseNames()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Settings["AUTH_SESSION_FRESH_PROVIDERS"] = "";
            setup.Settings["Auth:Session:FreshProviders:0"] = "google";
            setup.Settings["AUTH_ALLOWED_ORIGINS"] = "";
        });
        Assert.Equal(["google"], app.Services.GetRequiredService<IOptions<AuthOptions>>().Value.Session.FreshProviders);
    }

    [Fact]
    public async Task CodeWinsAlsoWhereItChoseTheDefault()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Settings["AUTH_RATE_LIMIT_PERMIT_LIMIT"] = "5";
            setup.Settings["Auth:RateLimit:PermitLimit"] = "6";
            setup.Settings["Auth:Cookies:Prefix"] = "mine";
            setup.Options = options => options.RateLimit.PermitLimit = 60;
        });
        var options = app.Services.GetRequiredService<IOptions<AuthOptions>>().Value;
        Assert.Equal((60, "mine"), (options.RateLimit.PermitLimit, options.Cookies.Prefix));
    }

    /// <summary>The reference is made of the options' own docs: <c>UPDATE_DOCS=1</c> writes it again.</summary>
    [Fact]
    public void TheReferenceSaysWhatTheOptionsSay()
    {
        var path = Repository.File("docs", "settings.md");
        var page = SettingsPage.Create(File.ReadAllText(Repository.File("BlazorAuth.Core", "bin", Configuration(), "net10.0", "BlazorAuth.Core.xml")));
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, page);
        }

        Assert.Equal(page, File.ReadAllText(path));
    }

    private static string Configuration() => AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    private static string Example(OptionSetting setting) => setting switch
    {
        _ when setting.Path == "Url" => "https://localhost",
        _ when setting.Path is "Store" or "Accounts:Store" => "memory",
        _ when setting.Path is "Session:FreshProviders" => "google",
        _ when setting.Path is "Pages:PictureHosts" => "https://pictures.example",
        _ when setting.Path is "KnownProxies" => "10.0.0.1",
        _ when setting.Path is "AllowedOrigins" => "https://app.example",
        _ when setting.Path == "Cookies:SameSite" => "None",
        _ when setting.Path == "Session:AbsoluteLifetime" => "70.00:00:00",
        _ when setting.Path == "Session:IdleLifetime" => "20.00:00:00",
        _ when setting.Path == "Pages:Texts:Default" || setting.Path == "Pages:Texts:Offered" => "de",
        _ when setting.Path.StartsWith("Pages:", StringComparison.Ordinal) && setting.Type == typeof(string) && setting.Path != "Pages:AppName" => "/welcome",
        _ when setting.Path.StartsWith("Pages:", StringComparison.Ordinal) && setting.Path.EndsWith("StyleSheets", StringComparison.Ordinal) => "/app.css",
        _ when setting.Path == "Pages:Marks" => "/mark.svg",
        _ when setting.Path == "DrainDelay" => "00:00:07",
        _ when setting.Type == typeof(DateTimeOffset) => "2025-01-01T12:00:00Z",
        _ when setting.IsMap => "#7c3aed",
        _ when setting.Type == typeof(bool) => "true",
        _ when setting.Type == typeof(int) => "7",
        _ when setting.Type == typeof(TimeSpan) => "01:00:00",
        _ when setting.Type.IsEnum => Enum.GetNames(setting.Type)[^1],
        _ => "mine",
    };

    private static bool Same(OptionSetting setting, object? value) => value switch
    {
        IList<string> list => list.SequenceEqual([Example(setting)]),
        IDictionary<string, string> map => map["accent"] == Example(setting),
        Uri uri => uri.OriginalString == Example(setting),
        DateTimeOffset moment => moment == DateTimeOffset.Parse(Example(setting), CultureInfo.InvariantCulture),
        TimeSpan span => span == TimeSpan.Parse(Example(setting), CultureInfo.InvariantCulture),
        _ => string.Equals(Convert.ToString(value, CultureInfo.InvariantCulture), Example(setting), StringComparison.OrdinalIgnoreCase),
    };
}
