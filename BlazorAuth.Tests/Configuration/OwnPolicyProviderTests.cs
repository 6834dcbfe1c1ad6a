using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Configuration;

/// <summary><c>RequireFresh</c> in apps with an <see cref="IAuthorizationPolicyProvider"/> of their own.</summary>
public sealed class OwnPolicyProviderTests
{
    [Fact]
    public async Task OneRegisteredBeforeIsAskedForEverythingElse()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Services = services => services.AddSingleton<IAuthorizationPolicyProvider, OwnProvider>();
            setup.Map = Map;
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");

        Assert.Equal("done", (await browser.OpenAsync("/danger")).Text);
        Assert.Equal("own", (await browser.OpenAsync("/own")).Text);
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("/api/auth/signin/google", (await browser.OpenAsync("/danger")).Address.AbsolutePath);
    }

    [Fact]
    public async Task OneRegisteredAfterStopsTheStartAndNamesTheRemedy()
    {
        var error = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup =>
        {
            setup.Providers = builder => builder.AddGoogle().Services.AddSingleton<IAuthorizationPolicyProvider, OwnProvider>();
            setup.Map = Map;
        }));

        Assert.Contains("OwnProvider was registered as IAuthorizationPolicyProvider after AddBlazorAuth. Register it before", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereNothingNeedsAFreshSignInItMayBeRegisteredAfter()
    {
        await using var app = await AuthApp.StartAsync(setup =>
            setup.Providers = builder => builder.AddGoogle().Services.AddSingleton<IAuthorizationPolicyProvider, OwnProvider>());

        Assert.IsType<OwnProvider>(app.Services.GetRequiredService<IAuthorizationPolicyProvider>());
    }

    private static void Map(WebApplication app)
    {
        app.MapGet("/danger", () => "done").RequireFresh(TimeSpan.FromMinutes(5));
        app.MapGet("/own", () => "own").RequireAuthorization("own");
    }

    private sealed class OwnProvider(IOptions<AuthorizationOptions> options) : DefaultAuthorizationPolicyProvider(options)
    {
        public override Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) => policyName == "own"
            ? Task.FromResult<AuthorizationPolicy?>(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            : base.GetPolicyAsync(policyName);
    }
}
