using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;

namespace BlazorAuth.Tests.Identity;

/// <summary>Identity's own user interface in Razor Pages (<c>AddDefaultUI</c>).</summary>
public sealed class IdentityRazorPagesTests
{
    private const string Manage = "/Identity/Account/Manage";

    [Fact]
    public async Task WithTheLinesOfTheDocumentationNoPageThatChangesTheAccountOpensWithoutARecentSignIn()
    {
        await using var app = await StartAsync(Snippets.Identity.RequireFreshToManage);
        using var browser = await app.SignInAsync(await app.CreateAsync("ada@example.com"));
        Assert.DoesNotContain(app.App.Logs.All, line => line.Event.Id == 729);

        // It comes as far as the check of the form, which has no token here.
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync(Manage + "/DownloadPersonalData")).Status);

        app.App.Clock.Advance(TimeSpan.FromMinutes(16));

        foreach (var page in (string[])["", "/Index", "/Email", "/PersonalData", "/TwoFactorAuthentication", "/ExternalLogins"])
        {
            Assert.Equal("/Identity/Account/Login", (await browser.OpenAsync(Manage + page)).Address.AbsolutePath);
        }

        Assert.StartsWith("/api/auth/signin?fresh=true", (await browser.PostAsync(Manage + "/DownloadPersonalData")).Location?.PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutThemTheStartWarns()
    {
        await using var app = await StartAsync(_ => { });
        Assert.Contains(Manage, Assert.Single(app.App.Logs.All, line => line.Event.Id == 729).Text, StringComparison.Ordinal);
    }

    private static Task<IdentityApp> StartAsync(Action<IEndpointConventionBuilder> map) =>
        IdentityApp.StartAsync(setup => setup.Map += host => map(host.MapRazorPages()), identity: builder => builder.AddDefaultUI());
}
