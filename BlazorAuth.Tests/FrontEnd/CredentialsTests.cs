using System.Net;
using System.Net.Http.Json;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Tests.FrontEnd;

/// <summary>The credentials provider in the three modes of <c>docs/contract/endpoints.md</c> §7 and §8.</summary>
public sealed class CredentialsTests
{
    private const string Form = "form";
    private const string V5 = "v5";
    private const string V4 = "v4";

    public static TheoryData<string, string, int, string> Refusals => new()
    {
        { "eve", Form, 302, "/signin?error=CredentialsSignin&code=credentials" },
        { "eve", V5, 200, "/signin?error=CredentialsSignin&code=credentials" },
        { "eve", V4, 401, "/signin?error=CredentialsSignin&code=credentials" },
        { "custom", Form, 302, "/signin?error=CredentialsSignin&code=locked_out" },
        { "custom", V5, 200, "/signin?error=CredentialsSignin&code=locked_out" },
        { "custom", V4, 401, "/signin?error=CredentialsSignin&code=locked_out" },
        { "throws", Form, 302, "/error?error=Configuration" },
        { "throws", V5, 200, "/error?error=Configuration" },
        { "throws", V4, 401, "/error?error=Configuration" },
        { "bob", Form, 302, "/error?error=AccessDenied" },
        { "bob", V5, 200, "/error?error=AccessDenied" },
        { "bob", V4, 403, "/error?error=AccessDenied" },
    };

    public static TheoryData<string> Modes => [Form, V5, V4];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task RightCredentialsSignInAndGoWhereTheFormSaid(string mode)
    {
        await using var app = await FrontEndApp.StartAsync();
        using var user = app.User();

        using var response = await SignInAsync(user, "ada", mode);

        Assert.Equal(mode == Form ? HttpStatusCode.Found : HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(app.Origin + "/notes", await TargetAsync(response, mode));
        Assert.Equal("Ada", (string?)(await user.SessionAsync())!["user"]!["name"]);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task ARefusalHasTheStatusAndCodeOfItsMode(string name, string mode, int status, string target)
    {
        await using var app = await FrontEndApp.StartAsync(
            options: options => options.Callbacks.OnSignIn = context =>
                ValueTask.FromResult(context.User.Name == "Bob" ? SignInDecision.Deny : SignInDecision.Allow));
        using var user = app.User();

        using var response = await SignInAsync(user, name, mode);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.StartsWith(app.Auth + target, await TargetAsync(response, mode), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) + response.Headers.Location, StringComparison.Ordinal);
        Assert.Null(await user.SessionAsync());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task WithoutTheCsrfTokenNobodyIsJudged(string mode)
    {
        await using var app = await FrontEndApp.StartAsync();
        using var user = app.User();
        using var form = new FormUrlEncodedContent(Fields("ada", mode));

        using var response = await user.SendAsync(HttpMethod.Post, "/api/auth/callback/password", form, Headers(mode));

        Assert.Equal(mode == Form ? HttpStatusCode.Found : HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith(app.Auth + "/signin?error=MissingCSRF", await TargetAsync(response, mode), StringComparison.Ordinal);
        Assert.Null(await user.SessionAsync());
    }

    [Fact]
    public async Task TheTokenIsTakenFromTheHeaderToo()
    {
        await using var app = await FrontEndApp.StartAsync();
        using var user = app.User();
        var token = await user.CsrfAsync();
        using var json = JsonContent.Create(new { user = "ada", password = "ada", attempts = 1 });

        using var response = await user.SendAsync(
            HttpMethod.Post, "/api/auth/callback/password", json, ("X-CSRF-Token", token), ("X-Auth-Return-Redirect", "1"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Ada", (string?)(await user.SessionAsync())!["user"]!["name"]);
    }

    [Fact]
    public async Task TheAppMayLockOut()
    {
        var failures = 0;
        await using var app = await FrontEndApp.StartAsync(build: (_, schemes) => schemes.AddCredentials("pin", context =>
        {
            Assert.NotNull(context.HttpContext.Connection.RemoteIpAddress);
            return ValueTask.FromResult(
                failures >= 2 ? CredentialsResult.Refuse("locked_out")
                : context.Form["pin"] == "1234" ? CredentialsResult.Accept(new SessionUser { Id = "u-pin" })
                : CountedRefusal());
        }));
        using var user = app.User();
        var codes = new List<string>();
        foreach (var pin in (string[])["1", "2", "1234"])
        {
            using var response = await user.PostAsync("/api/auth/callback/pin", new() { ["pin"] = pin });
            codes.Add(response.Headers.Location!.Query.Split("code=")[1].Split('&')[0]);
        }

        Assert.Equal(["credentials", "credentials", "locked_out"], codes);
        Assert.Null(await user.SessionAsync());

        CredentialsResult CountedRefusal()
        {
            failures++;
            return CredentialsResult.Refuse();
        }
    }

    [Fact]
    public async Task TheFormOnOurPageSignsInAndARefusalIsSaidThere()
    {
        await using var app = await FrontEndApp.StartAsync();
        using var user = app.User();
        var (page, action, fields) = await OpenFormAsync(user, "/api/auth/signin?callbackUrl=%2Fnotes");
        Assert.Equal(["user", "password"], page.QuerySelectorAll($"form[action='{action}'] label input").Select(input => input.GetAttribute("name")!));
        Assert.Equal("current-password", page.QuerySelector("input[name=password]")!.GetAttribute("autocomplete"));
        Assert.Equal("password", page.QuerySelector("input[name=password]")!.GetAttribute("type"));

        (fields["user"], fields["password"]) = ("eve", "x");
        using var refused = await SubmitAsync(user, action, fields);
        (page, action, fields) = await OpenFormAsync(user, refused.Headers.Location!.PathAndQuery);
        Assert.NotEmpty(page.QuerySelector("[role=alert]")!.TextContent.Trim());
        (fields["user"], fields["password"]) = ("ada", "ada");
        using var accepted = await SubmitAsync(user, action, fields);

        Assert.Equal(app.Origin + "/notes", accepted.Headers.Location!.AbsoluteUri);
        Assert.Equal("Ada", (string?)(await user.SessionAsync())!["user"]!["name"]);
    }

    [Fact]
    public async Task TheWrongDoorLeadsToTheForm()
    {
        await using var app = await FrontEndApp.StartAsync();
        using var user = app.User();

        using var start = await user.PostAsync("/api/auth/signin/password", new() { ["user"] = "ada", ["password"] = "ada" });
        using var page = await user.GetAsync("/api/auth/signin/password");
        using var callback = await user.GetAsync("/api/auth/callback/password?user=ada&password=ada");

        Assert.StartsWith("/api/auth/signin", start.Headers.Location!.AbsolutePath, StringComparison.Ordinal);
        Assert.StartsWith("/api/auth/signin", page.Headers.Location!.AbsolutePath, StringComparison.Ordinal);
        Assert.StartsWith(app.Auth + "/error?error=Configuration", callback.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Null(await user.SessionAsync());
    }

    [Fact]
    public async Task CallbackUrlsOfAnAllowedFrontEndAreFollowedAndNoOthers()
    {
        await using var app = await FrontEndApp.StartAsync("https://app.example.com");
        using var user = app.User();
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
            using var response = await user.PostAsync(
                "/api/auth/callback/password", new() { ["user"] = "ada", ["password"] = "ada", ["callbackUrl"] = asked });
            Assert.Equal(expected, response.Headers.Location!.OriginalString);
        }
    }

    private static Dictionary<string, string> Fields(string name, string mode)
    {
        var fields = new Dictionary<string, string> { ["user"] = name, ["password"] = name, ["callbackUrl"] = "/notes" };
        if (mode == V4)
        {
            fields["json"] = "true";
            fields["redirect"] = "false";
        }

        return fields;
    }

    private static (string Name, string Value)[] Headers(string mode) => mode == V5 ? [("X-Auth-Return-Redirect", "1")] : [];

    private static Task<HttpResponseMessage> SignInAsync(HttpUser user, string name, string mode) =>
        user.PostAsync("/api/auth/callback/password", Fields(name, mode), Headers(mode));

    private static async Task<string?> TargetAsync(HttpResponseMessage response, string mode) =>
        mode == Form ? response.Headers.Location?.OriginalString : (string?)(await HttpUser.JsonAsync(response))!["url"];

    private static async Task<(AngleSharp.Html.Dom.IHtmlDocument Page, string Action, Dictionary<string, string> Fields)> OpenFormAsync(HttpUser user, string path)
    {
        using var response = await user.GetAsync(path, ("Accept", "text/html"));
        var page = await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var form = page.QuerySelector("form[action$='/callback/password']")!;
        var fields = form.QuerySelectorAll("input[type=hidden]").ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value")!);
        return (page, form.GetAttribute("action")!, fields);
    }

    private static async Task<HttpResponseMessage> SubmitAsync(HttpUser user, string action, Dictionary<string, string> fields)
    {
        using var form = new FormUrlEncodedContent(fields);
        return await user.SendAsync(HttpMethod.Post, action, form, ("Accept", "text/html"));
    }
}
