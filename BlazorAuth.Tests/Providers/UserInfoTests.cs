using System.Net;

namespace BlazorAuth.Tests.Providers;

/// <summary>What a sign-in can do without: user info where the id token is enough, GitHub's list of addresses.</summary>
public sealed class UserInfoTests
{
    [Theory]
    [InlineData("400", "HTTP 400")]
    [InlineData("410", "HTTP 410")]
    [InlineData("405-html", "HTTP 405")]
    [InlineData("html", "not JSON")]
    [InlineData("empty", "not JSON")]
    [InlineData("array", "not a JSON object")]
    [InlineData("no-sub", "no sub")]
    [InlineData("null-sub", "no sub")]
    public async Task UserInfoThatIsOfNoUseKeepsNobodyOut(string answer, string missing)
    {
        var fake = new OpenIdFake();
        fake.Hooks["/userinfo"] = _ => answer switch
        {
            "400" => OpenIdFake.Error("invalid_request"),
            "410" => OpenIdFake.Json("", HttpStatusCode.Gone),
            "405-html" => OpenIdFake.Json("<p>no</p>", HttpStatusCode.MethodNotAllowed, "text/html"),
            "html" => OpenIdFake.Json("<p>welcome</p>", HttpStatusCode.OK, "text/html"),
            "empty" => OpenIdFake.Json(""),
            "array" => OpenIdFake.Json("""[{"sub":"42"}]"""),
            "no-sub" => OpenIdFake.Json("""{"name":"Eve","email":"eve@evil.example","email_verified":true}"""),
            _ => OpenIdFake.Json("""{"sub":null,"name":"Eve"}"""),
        };
        await using var app = await fake.StartAsync();
        using var browser = app.CreateBrowser();
        var page = await browser.SignInAsync(fake, "work");
        Assert.Equal("Ada Lovelace", page.Text);
        Assert.DoesNotContain("evil", await browser.SessionAsync(), StringComparison.Ordinal);
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 311 && line.Text.Contains(missing, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("43")]
    [InlineData("42 ")]
    public async Task UserInfoOfSomebodyElseIsRefused(string subject)
    {
        var fake = new OpenIdFake();
        fake.UserInfo["sub"] = subject;
        await using var app = await fake.StartAsync();
        Assert.Equal("ProviderAnswer", (await fake.SignInAsync(app)).Query("reason"));
    }

    [Theory]
    [InlineData("401")]
    [InlineData("403")]
    [InlineData("404")]
    [InlineData("numbers")]
    [InlineData("nothing")]
    public async Task GitHubWithoutAddressesSignsIn(string answer)
    {
        var fake = new FakeProvider();
        fake.Faults["/emails"] = _ => Task.FromResult(answer switch
        {
            "401" => FakeProvider.Json("{}", HttpStatusCode.Unauthorized),
            "403" => FakeProvider.Json("""{"message":"Resource not accessible by integration"}""", HttpStatusCode.Forbidden),
            "404" => new HttpResponseMessage(HttpStatusCode.NotFound),
            "numbers" => FakeProvider.Json("[5,null,{\"primary\":true,\"verified\":true,\"email\":{}}]"),
            _ => FakeProvider.Json("{}"),
        });
        SessionUser? user = null;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.StandIns = false;
            setup.Providers = builder => builder.AddGitHub(fake.UseFor);
            setup.Options = options => options.Callbacks.OnSignIn = context =>
            {
                user = context.User;
                return ValueTask.FromResult(SignInDecision.Allow);
            };
        });
        using var browser = app.CreateBrowser();
        Assert.Equal("Ada Lovelace", (await browser.SignInAsync(fake, "github")).Text);
        Assert.Null(user!.Email);
        Assert.Equal(answer is "401" or "403" or "404", app.Logs.Own.Any(line => line.Event.Id == 311));
    }
}
