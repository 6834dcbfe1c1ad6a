using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.Tests.Providers;

/// <summary>GitHub under names of its own, and an Enterprise server beside it.</summary>
public sealed class GitHubTests
{
    [Fact]
    public async Task SeveralStandSideBySideEachAtItsOwnAddress()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.StandIns = false;
            setup.Providers = builder => builder
                .AddGitHub(UseKeys)
                .AddGitHub("Second", UseKeys)
                .AddGitHub("Work", "GitHub of Example Corp", options =>
                {
                    UseKeys(options);
                    options.EnterpriseDomain = "github.corp.example";
                });
        });
        using var browser = app.CreateBrowser();
        var listed = (await browser.FetchAsync(HttpMethod.Get, "/api/auth/providers")).Json!.AsObject();
        Assert.Equal(
            ["github GitHub", "second GitHub", "work GitHub of Example Corp"], listed.Select(provider => $"{provider.Key} {(string?)provider.Value!["name"]}"));

        foreach (var (id, host) in new[] { ("github", "github.com"), ("second", "github.com"), ("work", "github.corp.example") })
        {
            var asked = (await browser.PostAsync("/api/auth/signin/" + id)).Location!;
            Assert.Equal((host, "/login/oauth/authorize"), (asked.Host, asked.AbsolutePath));
            Assert.Equal($"{app.Auth}/callback/{id}", QueryHelpers.ParseQuery(asked.Query)["redirect_uri"]);
        }
    }

    private static void UseKeys(GitHubOptions options) => (options.ClientId, options.ClientSecret) = ("client", "client-secret");
}
