using System.Net;
using BlazorAuth.Tests.FrontEnd;

namespace BlazorAuth.Tests.Endpoints;

/// <content>The form on our page, and where it leads.</content>
public sealed partial class CallbackEndpointTests
{
    [Fact]
    public async Task TheFormOnOurPageSignsInAndARefusalIsSaidThere()
    {
        await using var app = await Passwords.StartAppAsync();
        using var user = app.CreateClient();
        var page = await user.OpenAsync("/api/auth/signin?callbackUrl=%2Fpage%3Fnotes");
        Assert.Equal(["user", "password"], page.Document.QuerySelectorAll("form[action$='/callback/password'] .ba-field input").Select(input => input.GetAttribute("name")!));
        Assert.Equal("current-password", page.Document.QuerySelector("input[name=password]")!.GetAttribute("autocomplete"));
        Assert.Equal("password", page.Document.QuerySelector("input[name=password]")!.GetAttribute("type"));

        var refused = await user.PressAsync(page, "form[action$='/callback/password'] button", ("user", "eve"), ("password", "x"));
        Assert.NotEmpty(refused.Document.QuerySelector("[role=alert]")!.TextContent.Trim());
        var accepted = await user.PressAsync(refused, "form[action$='/callback/password'] button", ("user", "ada"), ("password", "ada"));

        Assert.Equal(app.Origin + "/page?notes", accepted.Address.AbsoluteUri);
        Assert.Equal("Ada", await user.NameAsync());
    }

    [Fact]
    public async Task TheWrongDoorLeadsToTheForm()
    {
        await using var app = await Passwords.StartAppAsync();
        using var user = app.CreateClient();

        var start = await user.FetchFormAsync("/api/auth/signin/password", new() { ["user"] = "ada", ["password"] = "ada" });
        var page = await user.FetchAsync(HttpMethod.Get, "/api/auth/signin/password");
        var callback = await user.FetchAsync(HttpMethod.Get, "/api/auth/callback/password?user=ada&password=ada");

        Assert.Equal("/api/auth/signin", start.Location!.AbsolutePath);
        Assert.Equal("/api/auth/signin", page.Location!.AbsolutePath);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "POST"), (callback.Status, callback.Header("Allow")));
        Assert.Null(await user.NameAsync());
    }

    [Fact]
    public async Task CallbackUrlsOfAnAllowedFrontEndAreFollowedAndNoOthers()
    {
        await using var app = await Passwords.StartAppAsync("https://app.example.com");
        using var user = app.CreateClient();
        var targets = new Dictionary<string, string>
        {
            ["https://app.example.com/a?b#c"] = "https://app.example.com/a?b#c",
            ["https://evil.example/"] = app.Origin,
            ["https://app.example.com.evil.example/"] = app.Origin,
            ["http://app.example.com/"] = app.Origin,
            ["https://app.example.com:444/"] = app.Origin,
            ["https://app.example.com@evil.example/"] = app.Origin,
        };
        foreach (var (asked, expected) in targets)
        {
            var response = await user.FetchFormAsync(
                "/api/auth/callback/password", new() { ["user"] = "ada", ["password"] = "ada", ["callbackUrl"] = asked });
            Assert.Equal(expected, response.Response.Headers.Location!.OriginalString);
        }
    }
}
