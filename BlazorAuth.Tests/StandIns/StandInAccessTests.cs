using System.Net;
using BlazorAuth.StandIns;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Tests.StandIns;

/// <summary>Stand-ins let anybody sign in as anybody: they answer who sits at this machine, whatever a request claims about itself.</summary>
public sealed class StandInAccessTests
{
    [Theory]
    [InlineData("127.0.0.1", true, true)]
    [InlineData("::1", true, true)]
    [InlineData("::ffff:127.0.0.1", true, true)]
    [InlineData("10.0.0.5", false, true)]
    [InlineData("::ffff:192.168.1.9", false, true)]
    [InlineData("172.17.0.1", false, true)]
    [InlineData("172.32.0.1", false, false)]
    [InlineData("fd12::1", false, true)]
    [InlineData("fe80::1", false, true)]
    [InlineData("203.0.113.7", false, false)]
    [InlineData("2001:db8::1", false, false)]
    public void TheAddressOfTheConnectionDecides(string address, bool isAllowed, bool isAllowedWithPrivate)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse(address);
        http.Request.Host = new HostString("localhost");
        Assert.Equal(isAllowed, StandInSettingTests.Access(null)!.Allows(http));
        Assert.Equal(isAllowedWithPrivate, StandInSettingTests.Access("private")!.Allows(http));
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("X-Forwarded-For", "127.0.0.1, 203.0.113.7")]
    [InlineData("X-Forwarded-For", "unknown")]
    [InlineData("X-Real-IP", "203.0.113.7")]
    [InlineData("CF-Connecting-IP", "203.0.113.7")]
    [InlineData("True-Client-IP", "2001:db8::1")]
    [InlineData("Forwarded", "for=203.0.113.7;proto=https")]
    [InlineData("Forwarded", "for=\"[2001:db8::1]:4711\"")]
    public void ATunnelOnThisMachineDoesNotOpenThemToEverybody(string header, string value)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        http.Request.Headers[header] = value;
        Assert.False(StandInSettingTests.Access(null)!.Allows(http));
        http.Request.Headers[header] = header == "Forwarded" ? "for=127.0.0.1" : "127.0.0.1, [::1]:5000";
        Assert.True(StandInSettingTests.Access(null)!.Allows(http));
    }

    [Fact]
    public async Task AnotherMachineIsRefusedWhateverHostItNames()
    {
        using var log = new LogCollector();
        await using var app = await StandInApp.StartAsync(
            builder => builder.Logging.AddProvider(log),
            configureLast: builder => builder.Services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter>(new FromElsewhere())));
        using var browser = app.CreateBrowser();
        foreach (var path in (string[])["google/authorize", "github/user", "oidc/.well-known/openid-configuration", "own/oidc/authorize", "oauth/token", "people/ada.svg", "nothing"])
        {
            var page = await browser.GetAsync("stand-ins/" + path);
            Assert.Equal(HttpStatusCode.Forbidden, page.Status);
            Assert.Contains("AUTH_STAND_INS=private", page.Text, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("me")).Status);
        Assert.Contains(log.All, line => line.Text.Contains("came from another machine", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OpeningThemToPrivateNetworksIsWarnedAbout()
    {
        using var log = new LogCollector();
        await using var app = await StandInApp.StartAsync(builder =>
        {
            builder.Logging.AddProvider(log);
            builder.Configuration["AUTH_STAND_INS"] = "private";
        });
        Assert.Contains(log.All, line => line.Text.Contains("anyone on a private network", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PoliciesOfTheAppDoNotConcernThem()
    {
        await using var app = await StandInApp.StartAsync(builder =>
            builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder("cookie").RequireAuthenticatedUser().Build()));
        using var browser = app.CreateBrowser();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("stand-ins/oidc/.well-known/openid-configuration")).Status);
    }

    [Fact]
    public async Task AnAddressThatIsNoneOfTheirsBelongsToTheApp()
    {
        await using var app = await StandInApp.StartAsync();
        using var browser = app.CreateBrowser();
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("stand-ins/google/nothing")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await browser.GetAsync("stand-ins/google/token")).Status);
    }

    private sealed class FromElsewhere : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, rest) =>
            {
                http.Connection.RemoteIpAddress = IPAddress.Parse("203.0.113.7");
                http.Request.Host = new HostString("localhost");
                return rest(http);
            });
            next(app);
        };
    }
}
