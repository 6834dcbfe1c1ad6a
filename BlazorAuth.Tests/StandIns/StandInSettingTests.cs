using BlazorAuth.StandIns;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.StandIns;

/// <summary>Where stand-ins exist, and what can be set.</summary>
public sealed class StandInSettingTests
{
    [Theory]
    [InlineData("AUTH_STAND_INS", "true")]
    [InlineData("AUTH_STAND_INS", "private")]
    [InlineData("Auth:StandIns", "true")]
    [InlineData("Auth:StandIns", "Private")]
    public void OutsideDevelopmentTheyRefuseToBeSwitchedOn(string name, string value)
    {
        var message = Assert.Throws<InvalidOperationException>(() => CreateBuilder("Production", name, value).AddStandIns()).Message;
        Assert.Contains($"{name} is {value.ToLowerInvariant()}, but this is Production", message, StringComparison.Ordinal);
        Assert.Contains($"Remove {name}", message, StringComparison.Ordinal);
        Assert.Contains("AUTH_GOOGLE_ID", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAppThatLeavesDevelopmentAfterTheyWereAddedDoesNotStart()
    {
        var builder = CreateBuilder("Development", "AUTH_STAND_INS", null);
        builder.WebHost.UseTestServer();
        builder.AddStandIns();
        builder.Environment.EnvironmentName = "Production";
        await using var app = builder.Build();
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("the environment is now Production", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production", null)]
    [InlineData("Production", "false")]
    [InlineData("Development", "false")]
    public void WhereTheyAreOffNothingIsLeftOfThem(string environment, string? value)
    {
        var builder = CreateBuilder(environment, "AUTH_STAND_INS", value);
        builder.AddStandIns();
        using var app = (IDisposable)builder.Build();
        Assert.DoesNotContain(builder.Services, service => service.ServiceType.Namespace == typeof(StandInServer).Namespace || service.ImplementationType?.Namespace == typeof(StandInServer).Namespace);
    }

    [Fact]
    public void AValueThatMeansNothingIsNamed()
    {
        var message = Assert.Throws<InvalidOperationException>(() => CreateBuilder("Development", "AUTH_STAND_INS", "perhaps").AddStandIns()).Message;
        Assert.Equal("AUTH_STAND_INS must be true, false or private. Correct it or remove it.", message);
    }

    [Fact]
    public async Task PeopleFaultsAndTheClientComeFromTheConfiguration()
    {
        await using var app = await StandInApp.StartAsync(builder => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["StandIns:People:0:Id"] = "kim",
            ["StandIns:People:0:Name"] = "Kim Lee",
            ["StandIns:People:0:Email"] = "kim@example.org",
            ["StandIns:People:0:Roles:0"] = "admin",
            ["StandIns:Faults:0"] = "slow",
            ["StandIns:ClientId"] = "notes",
        }));
        using var browser = app.CreateBrowser();
        var picker = await StandInApp.StartSignInAsync(browser, "plain");
        Assert.Contains("client_id=notes", picker.Address.Query, StringComparison.Ordinal);
        Assert.Equal(["kim", "someone-else"], picker.Document.QuerySelectorAll("button[name=stand_in_person]").Select(button => button.GetAttribute("value")));
        Assert.Equal(["slow"], picker.Document.QuerySelectorAll(".faults button").Select(button => button.GetAttribute("value")));
        Assert.Contains("kim@example.org", (await browser.PressAsync(picker, "button[value=kim]")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("StandIns:People:0:Id", "kim", "StandIns:People:0:Name is missing")]
    [InlineData("StandIns:People:0:Id", "k/m", "may only contain letters, digits, '-' and '_'")]
    [InlineData("StandIns:Faults:0", "sloww", "StandIns:Faults:0 is not a known failure. Known failures: slow, server-error")]
    public void ASettingThatCannotBeReadIsNamed(string name, string value, string message)
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => CreateBuilder("Development", name, value).AddStandIns());
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoPeopleWithOneIdAreRefused() => Assert.Contains(
        "the id 'ada'",
        Assert.Throws<InvalidOperationException>(() => CreateBuilder("Development", "AUTH_STAND_INS", null)
            .AddStandIns(standIns => standIns.People.Add(new StandInPerson("ada", "Ada Again", "ada@example.net")))).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task NoLogOfTheStandInsHoldsAPersonOrASecret()
    {
        using var log = new LogCollector();
        await using var app = await StandInApp.StartAsync(builder => builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        foreach (var scheme in StandInFlowTests.Schemes)
        {
            using var browser = app.CreateBrowser();
            foreach (var fault in new[] { null, "expired-code", "server-error" })
            {
                var page = await StandInApp.StartSignInAsync(browser, scheme.Data);
                page = fault is null ? page : await browser.PressAsync(page, $"button[value={fault}]");
                await browser.PressAsync(page, "button[value=ada]");
            }
        }

        var own = log.All.Where(line => line.Category.Contains("StandIn", StringComparison.Ordinal) || line.Category.StartsWith("OpenIddict", StringComparison.Ordinal)).ToList();
        Assert.Contains(own, line => line.Text.Contains("rejected a token request", StringComparison.Ordinal));
        Assert.All(own, line =>
        {
            Assert.DoesNotContain("ada", line.Text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("stand-in-secret", line.Text, StringComparison.Ordinal);
        });
        Assert.DoesNotContain(log.All, line => line.Text.Contains("ada@example.com", StringComparison.Ordinal));
    }

    internal static StandInAccess? Access(string? setting) => StandInAccess.Read(
        new ConfigurationBuilder().AddInMemoryCollection([new("AUTH_STAND_INS", setting)]).Build(), new HostingEnvironment { EnvironmentName = "Development" });

    private static WebApplicationBuilder CreateBuilder(string environment, string name, string? value)
    {
        var builder = TestBuilder.Create(environment);
        builder.Configuration[name] = value;
        return builder;
    }
}
