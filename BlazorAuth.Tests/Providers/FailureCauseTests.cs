using System.Net;
using System.Text.Json;

namespace BlazorAuth.Tests.Providers;

/// <summary>Set-ups that are wrong in one place: the line of the log beside the reference names it, and so does the page in Development. Nothing secret does.</summary>
public sealed class FailureCauseTests
{
    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "secret", "rejected the client secret", "AUTH_WORK_SECRET" },
        { "github-secret", "rejected the client secret", "AUTH_GITHUB_SECRET" },
        { "issuer", "names the issuer https://id.example; expected https://id.example/other", "AUTH_WORK_ISSUER" },
        { "discovery", "id.example/.well-known/openid-configuration responded with 404", "AUTH_WORK_ISSUER" },
        { "unreachable", "id.example/token is not responding", "between this server and the provider" },
        { "token-endpoint", "id.example/token", "AUTH_ACME_TOKEN_ENDPOINT" },
        { "algorithm", "algorithm HS256", "AUTH_WORK_ID_TOKEN_ALG" },
        { "audience", "issued for another client", "AUTH_WORK_ID" },
        { "nobody", "contains no user id", "MapJsonKey" },
        { "iss", "names the issuer https://evil.example; expected https://id.example", "AUTH_WORK_ISSUER" },
        { "callback", "redirect_uri_mismatch", "callback address" },
        { "scope", "invalid_scope", "scopes" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task AMistakeIsNamedByTheLogAndThePage(string mistake, string words, string setting)
    {
        var (app, page) = await MakeAsync(mistake);
        await using (app)
        {
            var reference = page.Query("reference")!;
            var line = Assert.Single(app.Logs.Own, line => line.Event.Id is 302 or 312 && line.Text.Contains(reference, StringComparison.Ordinal) && line.Text.Contains(words, StringComparison.Ordinal));
            Assert.Contains(setting, line.Text, StringComparison.Ordinal);
            var text = page.Document.Body!.TextContent;
            Assert.Contains(words, text, StringComparison.Ordinal);
            Assert.Contains(setting, text, StringComparison.Ordinal);
            app.Logs.AssertHoldsNone([OpenIdFake.Secret, "the-code-of-the-open-id-fake", FakeProvider.ClientSecret, FakeProvider.Code]);
        }
    }

    [Fact]
    public async Task OutsideDevelopmentThePageSaysNothingOfIt()
    {
        var fake = new OpenIdFake();
        fake.Hooks["/token"] = _ => OpenIdFake.Error("invalid_client");
        await using var app = await fake.StartAsync(setup =>
        {
            setup.Environment = "Production";
            setup.Settings["AUTH_URL"] = "https://localhost";
            setup.Address = new Uri("https://localhost");
        });
        var page = await fake.SignInAsync(app);
        Assert.Equal("ProviderAnswer", page.Query("reason"));
        Assert.DoesNotContain("AUTH_WORK_SECRET", page.Text, StringComparison.Ordinal);
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 302 && line.Text.Contains("AUTH_WORK_SECRET", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ada@example.com is not known", "ada@example")]
    [InlineData("code SplxlOBeZQQYbYS6WxSbIA is used", "SplxlOBeZ")]
    [InlineData("token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2ln", "eyJ")]
    [InlineData("ada%40example.com", "example.com")]
    [InlineData("secret of-a-client-without-digits-in-it", "without-digits")]
    [InlineData("line\r\nSign-in FORGED99 with work failed", "\n")]
    [InlineData("line\u2028next", "\u2028")]
    public async Task WhatAProviderSaysIsCleanedBeforeItIsLogged(string description, string hidden)
    {
        var fake = new OpenIdFake();
        fake.Hooks["/token"] = _ => OpenIdFake.Error("invalid_grant", HttpStatusCode.BadRequest, description);
        await using var app = await fake.StartAsync();
        var page = await fake.SignInAsync(app);
        Assert.Equal("Expired", page.Query("reason"));
        var line = Assert.Single(app.Logs.Own, line => line.Event.Id == 312);
        Assert.Contains("invalid_grant", line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Logs.Own, any => any.Text.Contains(hidden, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("an error\nwith lines", "another error")]
    [InlineData("ada@example.com", "another error")]
    [InlineData("ada%40example.com", "another error")]
    [InlineData("their_own.code", "another error, 'their_own.code'")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9", "another error")]
    [InlineData("", "")]
    public async Task AnErrorOfNoListIsAWordAtMost(string error, string words)
    {
        var fake = new OpenIdFake();
        fake.Hooks["/token"] = _ => OpenIdFake.Json(JsonSerializer.Serialize(new { error, error_description = new string('x', 9) + " " + string.Concat(Enumerable.Repeat("long ", 200)) }), HttpStatusCode.BadRequest);
        await using var app = await fake.StartAsync();
        await fake.SignInAsync(app);
        var line = Assert.Single(app.Logs.Own, line => line.Event.Id == 302);
        Assert.Contains(words, line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", line.Text, StringComparison.Ordinal);
        Assert.InRange(line.Text.Length, 10, 1200);
    }

    private static async Task<(AuthApp App, Page Page)> MakeAsync(string mistake)
    {
        if (mistake is "github-secret" or "token-endpoint" or "nobody")
        {
            return await MakeOAuthAsync(mistake);
        }

        var fake = new OpenIdFake();
        (string, string?)[] answer = [];
        switch (mistake)
        {
            case "secret":
                fake.Hooks["/token"] = _ => OpenIdFake.Error("invalid_client", HttpStatusCode.Unauthorized, "Client authentication failed");
                break;
            case "issuer":
                fake.Discovery["issuer"] = "https://id.example/other";
                break;
            case "discovery":
                fake.Hooks["/.well-known/openid-configuration"] = _ => new HttpResponseMessage(HttpStatusCode.NotFound);
                break;
            case "unreachable":
                fake.Hooks["/token"] = _ => throw new HttpRequestException("No route to host");
                break;
            case "algorithm":
                fake.Spoil = token => Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode("""{"alg":"HS256"}""") + token[token.IndexOf('.', StringComparison.Ordinal)..];
                break;
            case "audience":
                fake.ChangeToken = claims => claims["aud"] = "another-client";
                break;
            case "iss":
                answer = [("iss", "https://evil.example")];
                break;
            case "callback":
                answer = [("code", null), ("error", "redirect_uri_mismatch")];
                break;
            case "scope":
                answer = [("code", null), ("error", "invalid_scope"), ("error_description", "The scope email is not known")];
                break;
        }

        var app = await fake.StartAsync();
        using var browser = app.CreateBrowser();
        var start = await browser.StartSignInAsync("work");
        return (app, start.Location is { Host: "id.example" } authorize ? await browser.ArriveAsync(fake.Answer(authorize, answer)) : start);
    }

    // Anybody can write it into the address, and a provider may name the person there.
    [Theory]
    [InlineData("Development", true)]
    [InlineData("Production", false)]
    public async Task WhatCameThroughTheBrowserIsInTheLogOfDevelopmentOnly(string environment, bool isThere)
    {
        using var fake = new OpenIdFake();
        await using var app = await fake.StartAsync(setup => (setup.Environment, setup.Settings["AUTH_URL"]) = (environment, "http://localhost"));
        using var browser = app.CreateBrowser();
        var start = await browser.StartSignInAsync("work");

        await browser.ArriveAsync(fake.Answer(start.Location!, ("code", null), ("error", "access_denied"), ("error_description", "AADSTS50105: Ada Lovelace, 12 Hill Street, is not assigned")));

        var line = Assert.Single(app.Logs.Own, line => line.Event.Id == 312);
        Assert.Contains("AADSTS50105", line.Text, StringComparison.Ordinal);
        Assert.Equal(isThere, line.Text.Contains("Hill Street", StringComparison.Ordinal));
    }

    private static async Task<(AuthApp App, Page Page)> MakeOAuthAsync(string mistake)
    {
        var fake = new FakeProvider();
        if (mistake == "github-secret")
        {
            // GitHub answers 200 to what it refuses.
            fake.Faults["/token"] = _ => Task.FromResult(FakeProvider.Json("""{"error":"incorrect_client_credentials","error_description":"The client_id and/or client_secret passed are incorrect."}"""));
        }
        else if (mistake == "token-endpoint")
        {
            fake.Faults["/token"] = _ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("not here") });
        }

        var provider = mistake == "github-secret" ? "github" : "acme";
        var app = await AuthApp.StartAsync(setup =>
        {
            setup.StandIns = false;
            setup.Providers = builder => builder.AddGitHub(fake.UseFor).AddOAuth("acme", "Acme", options =>
            {
                fake.UseForPlainOAuth(options);
                if (mistake == "nobody")
                {
                    options.ClaimActions.Remove(System.Security.Claims.ClaimTypes.NameIdentifier);
                }
            });
        });
        using var browser = app.CreateBrowser();
        return (app, await browser.SignInAsync(fake, provider));
    }
}
