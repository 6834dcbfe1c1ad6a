using System.Net;
using BlazorAuth.StandIns;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.Tests.StandIns;

/// <summary>Requests that the stand-ins refuse before they show anybody.</summary>
public sealed class StandInAuthorizeTests
{
    [Theory]
    [MemberData(nameof(StandInTokenTests.Providers), MemberType = typeof(StandInTokenTests))]
    public async Task AnUnknownClientGetsAPageAndNoRedirect(string provider)
    {
        await using var app = await StandInApp.StartProviderAsync();
        using var browser = app.CreateBrowser();
        var page = await browser.OpenAsync(StandInWire.AuthorizeAddress(app, provider, new() { ["client_id"] = "other" }).AbsoluteUri);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("Unknown client id", page.Document.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example/callback")]
    [InlineData("http://localhost.evil.example/callback")]
    [InlineData("http://localhost@evil.example/callback")]
    [InlineData("http://evil.example\\@localhost/callback")]
    [InlineData("//evil.example/callback")]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://localhost/callback#fragment")]
    [InlineData("http://127.0.0.1.evil.example/")]
    [InlineData("")]
    public async Task ARedirectToAForeignOriginIsRefused(string redirectUri)
    {
        await using var app = await StandInApp.StartProviderAsync();
        using var browser = app.CreateBrowser();
        foreach (var provider in StandInWire.Endpoints.Keys)
        {
            var address = StandInWire.AuthorizeAddress(app, provider, new() { ["redirect_uri"] = redirectUri });
            var page = await browser.OpenAsync(address.AbsoluteUri);
            Assert.Equal(HttpStatusCode.BadRequest, page.Status);
            Assert.Null(page.Document.QuerySelector("form"));

            var fields = QueryHelpers.ParseQuery(address.Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
            fields[PickerChoice.PersonField] = "ada";
            var posted = await browser.PostAsync(address.AbsolutePath, fields);
            Assert.Equal(HttpStatusCode.BadRequest, posted.Status);
            Assert.Null(posted.Location);
        }
    }

    [Theory]
    [InlineData("http://app.example:8080/callback", true)]
    [InlineData("https://public.example/callback", true)]
    [InlineData("http://shop.localhost:3000/callback", true)]
    [InlineData("http://[::1]:3000/callback", true)]
    [InlineData("https://app.example:8080/callback", false)]
    [InlineData("http://app.example/callback", false)]
    [InlineData("http://public.example/callback", false)]
    public void TheAppsOwnOriginsAndThisMachineAreAllowed(string redirectUri, bool isAllowed)
    {
        Assert.Equal(isAllowed, IsAllowed(redirectUri, null));
    }

    [Theory]
    [InlineData("http://10.1.2.3/callback", true)]
    [InlineData("http://[fd00::5]/callback", true)]
    [InlineData("http://203.0.113.7/callback", false)]
    public void APrivateNetworkIsAllowedWhereTheSettingSaysSo(string redirectUri, bool isAllowed)
    {
        Assert.Equal(isAllowed, IsAllowed(redirectUri, "private"));
        Assert.False(IsAllowed(redirectUri, null));
    }

    [Theory]
    [InlineData("google", "response_type", "token", "unsupported_response_type")]
    [InlineData("github", "code_challenge_method", "plain", "invalid_request")]
    [InlineData("google", "code_challenge_method", "plain", "invalid_request")]
    [InlineData("google", "prompt", "none", "interaction_required")]
    [InlineData("oidc", "prompt", "none", "login_required")]
    public async Task ARequestThatCannotBeServedGoesBackWithAnError(string provider, string field, string value, string error)
    {
        await using var app = await StandInApp.StartProviderAsync();
        using var browser = app.CreateBrowser();
        var answer = await browser.GetAsync(StandInWire.AuthorizeAddress(app, provider, new() { [field] = value }).AbsoluteUri);
        var query = QueryHelpers.ParseQuery(answer.Location!.Query);
        Assert.Equal(error, query["error"]);
        Assert.Equal("the-state", query["state"]);
        Assert.False(query.ContainsKey("code"));
    }

    [Fact]
    public async Task TheOpenIdProviderTakesNoPlainChallenge()
    {
        await using var app = await StandInApp.StartProviderAsync();
        using var browser = app.CreateBrowser();
        var page = await browser.OpenAsync(StandInWire.AuthorizeAddress(app, "oidc", new() { ["code_challenge_method"] = "plain" }).AbsoluteUri);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal("invalid_request", page.Document.QuerySelector("main .lead code")?.TextContent);
    }

    private static bool IsAllowed(string redirectUri, string? setting)
    {
        var options = new StandInOptions { AppAddress = new Uri("https://public.example/base") };
        var address = new BrowserAddress("http", new HostString("app.example", 8080), "", "/stand-ins/google/authorize");
        return new RedirectUri(options, StandInSettingTests.Access(setting)!).IsAllowed(redirectUri, address);
    }
}
