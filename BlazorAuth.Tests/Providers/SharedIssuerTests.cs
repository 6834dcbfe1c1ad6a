using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;

namespace BlazorAuth.Tests.Providers;

/// <summary>People of two servers that both know a "42" are two people, wherever the servers' addresses were set.</summary>
public sealed class SharedIssuerTests
{
    [Theory]
    [InlineData("code")]
    [InlineData("environment")]
    [InlineData("domain")]
    public async Task PeopleOfTwoGitHubsAreTwo(string where)
    {
        var (common, enterprise) = (new FakeProvider(), new FakeProvider());
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.StandIns = false;
            if (where == "environment")
            {
                setup.Settings["AUTH_CORP_AUTHORIZATION_ENDPOINT"] = "https://ghe.example/login/oauth/authorize";
                setup.Settings["AUTH_CORP_TOKEN_ENDPOINT"] = "https://ghe.example/token";
                setup.Settings["AUTH_CORP_USERINFO_ENDPOINT"] = "https://ghe.example/userinfo";
            }

            setup.Providers = builder => builder.AddGitHub(Stock(common)).AddGitHub("corp", "Corp", options =>
            {
                (options.ClientId, options.ClientSecret, options.BackchannelHttpHandler) = ("client", "secret", enterprise);
                options.UserEmailsEndpoint = "https://ghe.example/emails";
                if (where == "code")
                {
                    options.AuthorizationEndpoint = "https://ghe.example/login/oauth/authorize";
                    options.TokenEndpoint = "https://ghe.example/token";
                    options.UserInformationEndpoint = "https://ghe.example/userinfo";
                }
                else if (where == "domain")
                {
                    (options.EnterpriseDomain, options.TokenEndpoint, options.UserInformationEndpoint) = ("ghe.example", "https://ghe.example/token", "https://ghe.example/userinfo");
                }
            });
        });
        enterprise.Emails = new JsonArray(new JsonObject { ["email"] = "ada@corp.example", ["primary"] = true, ["verified"] = true });
        var ids = new List<string>();
        foreach (var (provider, fake) in new[] { ("github", common), ("corp", enterprise) })
        {
            using var browser = app.CreateBrowser();
            Assert.Equal("Ada Lovelace", (await browser.SignInAsync(fake, provider)).Text);
            ids.Add(JsonNode.Parse((await browser.OpenAsync("/api/private")).Text)!["id"]!.GetValue<string>());
        }

        Assert.Equal(AccountRecord.DefaultUserIdOf("https://github.com", "42"), ids[0]);
        Assert.Equal(AccountRecord.DefaultUserIdOf("https://ghe.example", "42"), ids[1]);
    }

    [Theory]
    [InlineData("github")]
    [InlineData("google")]
    public async Task TwoSchemesThatCountAsOneAndDifferInAddressesStopTheStart(string kind)
    {
        var error = await Assert.ThrowsAsync<AuthSetupException>(() => StartAsync(kind, null));
        Assert.Contains("AUTH_CORP_ISSUER", error.Message, StringComparison.Ordinal);
        await using var right = await StartAsync(kind, "https://corp.example/login/oauth");
    }

    [Fact]
    public async Task TheSameAddressesTwiceAreOneProvider()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.StandIns = false;
            setup.Providers = builder => builder.AddGitHub(Stock(new FakeProvider())).AddGitHub("second", "Second", Stock(new FakeProvider()));
        });
        using var browser = app.CreateBrowser();
        var listed = (await browser.FetchAsync(HttpMethod.Get, "/api/auth/providers")).Json!.AsObject().Select(provider => provider.Key);
        Assert.Equal(["github", "second"], listed);
    }

    private static Task<AuthApp> StartAsync(string kind, string? issuer) => AuthApp.StartAsync(setup =>
    {
        setup.StandIns = false;
        setup.Settings["AUTH_CORP_ISSUER"] = issuer;
        setup.Providers = builder => Add(builder, kind);
    });

    // Addresses that do not tell whose they are, as of a gateway in front of the provider.
    private static AuthenticationBuilder Add(AuthenticationBuilder builder, string kind) => kind == "github"
        ? builder.AddGitHub(Stock(new FakeProvider())).AddGitHub("corp", "Corp", new FakeProvider().UseFor)
        : builder.AddGoogle(options => (options.ClientId, options.ClientSecret) = ("client", "secret")).AddGoogle("corp", "Corp", new FakeProvider().UseFor);

    private static Action<GitHubOptions> Stock(FakeProvider fake) => options =>
    {
        (options.ClientId, options.ClientSecret, options.BackchannelHttpHandler) = ("client", "secret", new Renamed(fake));
    };

    /// <summary>Answers at GitHub's own addresses.</summary>
    private sealed class Renamed(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath switch { "/login/oauth/access_token" => "/token", "/user" => "/userinfo", "/user/emails" => "/emails", var other => other };
            request.RequestUri = new Uri("https://id.example" + path);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
