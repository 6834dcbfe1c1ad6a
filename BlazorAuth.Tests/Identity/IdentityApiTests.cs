using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;

namespace BlazorAuth.Tests.Identity;

/// <summary>The endpoints of <c>MapIdentityApi</c>, which count sessions of ours too.</summary>
public sealed class IdentityApiTests
{
    [Fact]
    public async Task WithTheLinesOfTheDocumentationNobodyGetsNewRecoveryCodesWithoutARecentSignIn()
    {
        await using var app = await IdentityApp.StartAsync(
            setup => setup.Map += host => Snippets.Identity.RequireFreshToManage(host.MapGroup("/identity").MapIdentityApi<IdentityUser>()),
            identity: builder => builder.AddApiEndpoints());
        using var browser = await app.SignInAsync(await app.CreateAsync("ada@example.com"));
        Assert.Equal(HttpStatusCode.OK, (await ResetCodesAsync(browser)).Status);
        Assert.DoesNotContain(app.App.Logs.All, line => line.Event.Id == 729);

        app.App.Clock.Advance(TimeSpan.FromMinutes(16));

        Assert.Equal(HttpStatusCode.Forbidden, (await ResetCodesAsync(browser)).Status);
    }

    [Fact]
    public async Task WithoutThemTheStartWarns()
    {
        await using var app = await IdentityApp.StartAsync(
            setup => setup.Map += host => host.MapGroup("/identity").MapIdentityApi<IdentityUser>(), identity: builder => builder.AddApiEndpoints());
        var line = Assert.Single(app.App.Logs.All, line => line.Event.Id == 729);
        Assert.Contains("/identity/manage/2fa, /identity/manage/info, which", line.Text, StringComparison.Ordinal);
    }

    private static Task<Page> ResetCodesAsync(Browser browser) =>
        browser.FetchAsync(HttpMethod.Post, "/identity/manage/2fa", JsonContent.Create(new { resetRecoveryCodes = true }));
}
