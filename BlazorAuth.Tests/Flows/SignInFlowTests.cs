using System.Net;
using System.Text.Json;

namespace BlazorAuth.Tests.Flows;

/// <summary>The main job: in, see the session, out; and the old cookie is dead.</summary>
public sealed class SignInFlowTests
{
    public static TheoryData<string> Providers => ["google", "github", "oidc"];

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task APersonSignsInSeesTheSessionAndSignsOut(string provider)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();

        var end = await browser.SignInAsync(provider, callbackUrl: "/page?x=1");
        Assert.Equal(HttpStatusCode.OK, end.Status);
        Assert.Equal("/page?x=1", end.Address.PathAndQuery);
        Assert.Equal("Ada Lovelace", end.Text);

        var session = JsonDocument.Parse(await browser.SessionAsync()).RootElement;
        Assert.Equal("ada@example.com", session.GetProperty("user").GetProperty("email").GetString());

        var copied = browser.Cookies["authjs.session-token"];
        var signedOut = await browser.PostAsync("/api/auth/signout");
        Assert.Equal(HttpStatusCode.Found, signedOut.Status);
        Assert.Null(browser.Cookies["authjs.session-token"]);

        browser.Cookies["authjs.session-token"] = copied;
        Assert.Equal("null", await browser.SessionAsync());
        browser.AssertNothingSecretWasLogged();
    }
}
