using System.Net;

namespace BlazorAuth.Tests.Endpoints;

/// <summary>The three ways to be answered: a form's redirect, and the JSON of both client generations.</summary>
public sealed class AnswerModeTests
{
    [Theory]
    [InlineData("google")]
    [InlineData("oidc")]
    public async Task StartingASignInAnswersEveryClientInItsWay(string provider)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var form = await PostAsync(browser, $"signin/{provider}", mode: null);
        Assert.Equal(HttpStatusCode.Found, form.Status);
        Assert.StartsWith("http://localhost/stand-ins/", form.Location!.ToString(), StringComparison.Ordinal);

        var header = await PostAsync(browser, $"signin/{provider}", "header");
        Assert.Equal(HttpStatusCode.OK, header.Status);
        Assert.Equal(header.Response.Headers.Location!.OriginalString, header.Url);

        var field = await PostAsync(browser, $"signin/{provider}", "field");
        Assert.Equal(HttpStatusCode.OK, field.Status);
        Assert.Null(field.Location);
        foreach (var answer in (Page[])[form, header, field])
        {
            Assert.Contains(answer.SetCookies, cookie => cookie.StartsWith(".AspNetCore.Correlation.", StringComparison.Ordinal));
        }

        // Each of them can be finished.
        var end = await browser.ChooseAsync(await browser.ArriveAsync(new Uri(field.Url!)));
        Assert.Equal("Ada Lovelace", end.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("1")]
    public async Task TheHeaderCountsWhateverItSays(string value)
    {
        // A real server: the in-memory one drops an empty header.
        await using var app = await AuthApp.StartAsync(setup => setup.Kestrel = true);
        using var browser = app.CreateBrowser();
        var answer = await browser.FetchAsync(
            HttpMethod.Post, "/api/auth/signout", new FormUrlEncodedContent([new("callbackUrl", "/page")]), ("X-Auth-Return-Redirect", value));
        Assert.Equal(new Uri(app.Address, "/page").ToString(), answer.Url);
    }

    [Fact]
    public async Task AJsonBooleanIsNotTheOldClientsMode()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var answer = await browser.FetchAsync(HttpMethod.Post, "/api/auth/signout", new StringContent("{\"json\":true}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));
        Assert.Equal(HttpStatusCode.Found, answer.Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("header")]
    [InlineData("field")]
    public async Task SigningOutAnswersEveryClientInItsWay(string? mode)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var answer = await PostAsync(browser, "signout", mode);
        Assert.Equal(mode is null ? HttpStatusCode.Found : HttpStatusCode.OK, answer.Status);
        Assert.Equal("http://localhost/page", mode is null ? answer.Location!.ToString() : answer.Url);
        Assert.Equal("null", await browser.SessionAsync());

        // Again, with nobody signed in: the same answer.
        Assert.Equal(answer.Status, (await PostAsync(browser, "signout", mode)).Status);
    }

    [Theory]
    [InlineData("right", null, 302, "/page")]
    [InlineData("right", "header", 200, "/page")]
    [InlineData("right", "field", 200, "/page")]
    [InlineData("wrong", null, 302, "/api/auth/signin?error=CredentialsSignin&code=credentials")]
    [InlineData("wrong", "header", 200, "/api/auth/signin?error=CredentialsSignin&code=credentials")]
    [InlineData("wrong", "field", 401, "/api/auth/signin?error=CredentialsSignin&code=credentials")]
    [InlineData("locked", "header", 200, "/api/auth/signin?error=CredentialsSignin&code=locked")]
    [InlineData("throws", null, 302, "/api/auth/error?error=Configuration")]
    [InlineData("throws", "field", 401, "/api/auth/error?error=Configuration")]
    [InlineData("times out", null, 302, "/api/auth/error?error=Configuration")]
    [InlineData("denied", null, 302, "/api/auth/error?error=AccessDenied")]
    [InlineData("denied", "header", 200, "/api/auth/error?error=AccessDenied")]
    [InlineData("denied", "field", 403, "/api/auth/error?error=AccessDenied")]
    public async Task CredentialsAnswerEveryClientInItsWay(string password, string? mode, int status, string target)
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Options = options => options.Callbacks.OnSignIn = context => ValueTask.FromResult(context.User.Id == "u-denied" ? SignInDecision.Deny : SignInDecision.Allow);
            setup.Providers = builder => builder.AddCredentials("password", context => ValueTask.FromResult<CredentialsResult>(context.Form["password"].ToString() switch
            {
                "right" => new SessionUser { Id = "u1", Name = "Ada" },
                "denied" => new SessionUser { Id = "u-denied" },
                "locked" => CredentialsResult.Refuse("locked"),
                "throws" => throw new InvalidOperationException("cause-of-the-exception"),
                "times out" => throw new TaskCanceledException("cause-of-the-exception"),
                _ => (SessionUser?)null,
            }));
        });
        using var browser = app.CreateBrowser();
        var answer = await PostAsync(browser, "callback/password", mode, [("password", password)]);
        Assert.Equal(status, (int)answer.Status);
        var url = mode is null ? answer.Location!.ToString() : answer.Url!;
        Assert.StartsWith("http://localhost" + target, url, StringComparison.Ordinal);
        Assert.DoesNotContain("cause-of-the-exception", url + answer.Text, StringComparison.Ordinal);
        Assert.Equal(password == "right", await browser.SessionAsync() != "null");
        if (password != "right")
        {
            var reference = Page.Query(new Uri(url), "reference")!;
            Assert.Contains(app.Logs.Own, line => line.Text.Contains(reference, StringComparison.Ordinal));
        }
    }

    private static Task<Page> PostAsync(Browser browser, string path, string? mode, (string Name, string Value)[]? fields = null) => browser.FetchAsync(
        HttpMethod.Post,
        $"/api/auth/{path}?",
        new FormUrlEncodedContent((fields ?? []).Append(("callbackUrl", "/page")).Append(mode == "field" ? ("json", "true") : ("redirect", "true"))
            .Select(field => KeyValuePair.Create(field.Item1, field.Item2))),
        mode == "header" ? [("X-Auth-Return-Redirect", "1")] : []);
}
