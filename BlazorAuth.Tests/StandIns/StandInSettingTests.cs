using System.Diagnostics;
using BlazorAuth.App.StandIns;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Tests.StandIns;

public sealed class StandInSettingTests
{
    [Theory]
    [InlineData("AUTH_STAND_INS")]
    [InlineData("Auth__StandIns")]
    public async Task TheAppRefusesToStartInProductionWithStandInsForcedOn(string variable)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "BlazorAuth.App.dll"), "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        start.Environment[variable] = "true";
        using var process = Process.Start(start)!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.NotEqual(0, process.ExitCode);
            Assert.Contains($"Remove {variable.Replace("__", ":", StringComparison.Ordinal)}", await errors, StringComparison.Ordinal);
            Assert.Contains("AUTH_GOOGLE_ID", await errors, StringComparison.Ordinal);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public void SwitchingThemOnAfterTheyWereAddedIsRefusedToo(string environment)
    {
        var builder = CreateBuilder(environment, null);
        builder.AddStandIns();
        var app = builder.Build();
        app.Configuration["AUTH_STAND_INS"] = "true";
        Assert.Contains("AUTH_STAND_INS", Assert.Throws<AuthSetupException>(() => app.MapStandIns()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production", null)]
    [InlineData("Production", "false")]
    [InlineData("Development", "false")]
    public void WhereTheyAreOffNothingIsLeftOfThem(string environment, string? value)
    {
        var builder = CreateBuilder(environment, value);
        builder.AddStandIns();
        var app = builder.Build();
        app.MapStandIns();
        Assert.DoesNotContain(builder.Services, service => service.ServiceType.Namespace == typeof(StandInServer).Namespace || service.ImplementationType?.Namespace == typeof(StandInServer).Namespace);
        Assert.Empty(((Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints));
    }

    [Fact]
    public void AValueThatIsNoBooleanIsNamed()
    {
        var message = Assert.Throws<AuthSetupException>(() => CreateBuilder("Development", "perhaps").AddStandIns()).Message;
        Assert.Contains("AUTH_STAND_INS", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForgettingToMapThemIsExplained()
    {
        await using var app = await StandInApp.StartAsync();
        app.Services.GetRequiredService<StandInServer>().IsMapped = false;
        using var browser = app.CreateBrowser();
        Assert.Contains("MapStandIns", (await StandInApp.StartSignInAsync(browser, "Google")).Text, StringComparison.Ordinal);
    }

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
        Assert.Contains(own, line => line.Text.Contains("refused a token request", StringComparison.Ordinal));
        Assert.All(own, line =>
        {
            Assert.DoesNotContain("ada", line.Text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("stand-in-secret", line.Text, StringComparison.Ordinal);
        });
        Assert.DoesNotContain(log.All, line => line.Text.Contains("ada@example.com", StringComparison.Ordinal));
    }

    private static WebApplicationBuilder CreateBuilder(string environment, string? value)
    {
        var builder = TestBuilder.Create(environment);
        builder.Configuration["AUTH_STAND_INS"] = value;
        return builder;
    }
}
