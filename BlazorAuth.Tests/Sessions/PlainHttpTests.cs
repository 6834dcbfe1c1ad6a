namespace BlazorAuth.Tests.Sessions;

/// <summary>Sessions over plain http, outside Development and without an address that says so.</summary>
public sealed class PlainHttpTests
{
    private const int OverHttp = 126;

    [Theory]
    [InlineData("http://intranet.example", null, 1)]
    [InlineData("http://intranet.example", "true", 0)]
    [InlineData("https://app.example", null, 0)]
    [InlineData("http://localhost:5000", null, 0)]
    public async Task ASessionOverHttpThatNobodyAllowedIsWarnedAboutOnce(string address, string? allowed, int warnings)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup =>
        {
            (setup.Environment, setup.Address) = ("Production", new Uri(address));
            setup.Settings["AllowedHosts"] = new Uri(address).Host;
            setup.Settings["AUTH_TRUST_HOST"] = "true";
            if (allowed is not null)
            {
                setup.Settings["AUTH_ALLOW_HTTP"] = allowed;
            }
        });
        for (var i = 0; i < 2; i++)
        {
            using var browser = app.CreateBrowser();
            await browser.SignInAsync(fake, "google");
            Assert.NotEqual("null", await browser.SessionAsync());
        }

        Assert.Equal(warnings, app.Logs.All.Count(line => line.Event.Id == OverHttp));
    }
}
