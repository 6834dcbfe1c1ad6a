using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>GET or POST signout/callback/{provider}</c>: where an OpenID Connect provider sends people whom the app signed out there too.</summary>
public sealed class SignOutCallbackEndpointTests
{
    private const string Address = "/api/auth/signout";

    [Fact]
    public async Task WhoWasSignedOutAtTheProviderComesBackToWhereTheAppSaid()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        var away = await browser.GetAsync("/leave");
        Assert.Equal(FakeProvider.Issuer + "/end", away.Location!.GetLeftPart(UriPartial.Path));
        var back = Page.Query(away.Location, "post_logout_redirect_uri")!;
        Assert.Equal(app.Auth + "/signout/callback/work", back);

        var end = await browser.ArriveAsync(new Uri($"{back}?state={Uri.EscapeDataString(Page.Query(away.Location, "state")!)}"));

        Assert.Equal("/page?left=1", end.Address.PathAndQuery);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?state=")]
    [InlineData("?state=forged")]
    [InlineData("?state=https%3A%2F%2Fevil.example%2F&callbackUrl=https%3A%2F%2Fevil.example%2F")]
    public async Task AReturnThatNobodyAskedForLeadsNowhereAndSignsNobodyOut(string query)
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        browser.Cookies[AuthApp.SessionCookie] = TestTicket.Cookie(await app.BeginSessionAsync());

        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
        {
            var answer = await browser.SendAsync(browser.Message(method, new Uri(app.Address, Address + "/callback/work" + query), "cross-site"));
            Assert.Equal((HttpStatusCode.OK, null), (answer.Status, answer.Location));
            Assert.Empty(answer.SetCookies);
        }

        Assert.Equal("Ada", await browser.NameAsync());
    }

    [Theory]
    [InlineData("google", "GET")]
    [InlineData("acme", "POST")]
    [InlineData("nobody", "GET")]
    [InlineData("nobody", "POST")]
    public async Task AProviderThatSendsNobodyBackHasNoSuchAddress(string provider, string method)
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        var answer = await browser.FetchAsync(new HttpMethod(method), $"{Address}/callback/{provider}?state=x");
        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.NotEmpty((string)answer.Json!["message"]!);
    }

    private static Task<AuthApp> StartAsync()
    {
        var fake = new FakeProvider();
        fake.Discovery["end_session_endpoint"] = FakeProvider.Issuer + "/end";
        return fake.StartAppAsync(setup => setup.Map = app => app.MapGet(
            "/leave", (HttpContext http) => http.SignOutAsync("work", new AuthenticationProperties { RedirectUri = "/page?left=1" })));
    }
}
