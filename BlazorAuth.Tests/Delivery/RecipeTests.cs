using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace BlazorAuth.Tests.Delivery;

/// <summary>The recipes of <c>docs/providers</c>: their form, and a sign-in through each at something that behaves on the wire as the provider does.</summary>
public sealed class RecipeTests
{
    private static readonly string[] Headings = ["## Register", "## Settings", "## Code", "## What you get", "## Troubleshooting"];

    public static TheoryData<string> Recipes => [.. Directory.EnumerateFiles(Repository.File("docs", "providers"), "*.md").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void ARecipeIsOnePageWithTheSameHeadings(string recipe)
    {
        var page = File.ReadAllLines(Repository.File("docs", "providers", recipe));
        Assert.InRange(page.Length, 15, 60);
        Assert.Equal(Headings, page.Where(line => line.StartsWith("## ", StringComparison.Ordinal)));
    }

    /// <summary>What differs on the wire: the issuer, how the client authenticates, what the id token leaves to user info.</summary>
    [Theory]
    [InlineData("auth0", "https://your-tenant.eu.auth0.com/", "client_secret_post", true)]
    [InlineData("okta", "https://your-org.okta.com/oauth2/default", "client_secret_basic,client_secret_post,private_key_jwt", false)]
    [InlineData("keycloak", "https://keycloak.example.com/realms/your-realm", "private_key_jwt,client_secret_basic,client_secret_post", true)]
    [InlineData("zitadel", "https://auth.example.com", "client_secret_basic", false)]
    [InlineData("gitlab", "https://gitlab.com", "client_secret_basic,client_secret_post", false)]
    public async Task AnOpenIdProviderNeedsNoCode(string provider, string issuer, string methods, bool isAllInTheToken)
    {
        var person = new JsonObject { ["sub"] = "42", ["name"] = "Ada Lovelace", ["email"] = "ada@example.com", ["email_verified"] = true };
        var fake = new OpenIdFake { Issuer = issuer, Claims = isAllInTheToken ? (JsonObject)person.DeepClone() : new() { ["sub"] = "42" }, UserInfo = person };
        fake.Discovery["issuer"] = issuer;
        fake.Discovery["token_endpoint_auth_methods_supported"] = new JsonArray([.. methods.Split(',')]);
        fake.Discovery["authorization_response_iss_parameter_supported"] = provider == "keycloak";
        fake.Hooks["/token"] = seen => methods.Contains("client_secret_basic", StringComparison.Ordinal) == (seen.Authorization is not null) ? null : OpenIdFake.Error("invalid_client", HttpStatusCode.Unauthorized);
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.StandIns = false;
            (setup.Settings["AUTH_OIDC_ISSUER"], setup.Settings["AUTH_OIDC_ID"], setup.Settings["AUTH_OIDC_SECRET"]) = (issuer, "client", OpenIdFake.Secret);
            setup.Services = services => services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<OpenIdConnectOptions>>(
                new ConfigureNamedOptions<OpenIdConnectOptions>("oidc", options => options.BackchannelHttpHandler = fake)));
        });
        using var browser = app.CreateBrowser();
        var authorize = (await browser.StartSignInAsync("oidc")).Location!;
        var page = await browser.ArriveAsync(fake.Answer(authorize, ("iss", provider == "keycloak" ? issuer : null)));
        Assert.Equal("Ada Lovelace", page.Text);
        Assert.Contains("ada@example.com", await browser.SessionAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://login.microsoftonline.com/organizations/v2.0", "https://login.microsoftonline.com/{tenantid}/v2.0")]
    [InlineData("https://login.microsoftonline.com/3f5b0c52-6a0f-4d9b-9a6e-0a6f4d1c2b3a/v2.0", "https://login.microsoftonline.com/3f5b0c52-6a0f-4d9b-9a6e-0a6f4d1c2b3a/v2.0")]
    public async Task EntraSignsInOneTenantOrMany(string setting, string discovered)
    {
        const string Tenant = "3f5b0c52-6a0f-4d9b-9a6e-0a6f4d1c2b3a";
        var fake = new OpenIdFake { Issuer = setting, Claims = new() { ["sub"] = "AAAA", ["tid"] = Tenant, ["ver"] = "2.0", ["name"] = "Ada Lovelace", ["email"] = "ada_x.com#EXT#@t.onmicrosoft.com" } };
        fake.Discovery["issuer"] = discovered;
        fake.Discovery["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post", "private_key_jwt", "client_secret_basic");
        fake.ChangeToken = claims => claims["iss"] = $"https://login.microsoftonline.com/{Tenant}/v2.0";

        // Graph's user info refuses a token that is for another resource.
        fake.Hooks["/userinfo"] = _ => OpenIdFake.Error("InvalidAuthenticationToken", HttpStatusCode.Unauthorized);
        await using var app = await StartAsync(global::Snippets.EntraId.Add, fake, "entra", ("ISSUER", setting), ("ID", "client"), ("SECRET", OpenIdFake.Secret));
        Assert.Equal("Ada Lovelace", await SignInAsync(app, "entra", fake.Answer));
    }

    [Fact]
    public async Task ApplePostsItsAnswerAndTakesASignedSecret()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var fake = new OpenIdFake { Issuer = "https://appleid.apple.com", Claims = new() { ["sub"] = "000.a.1", ["name"] = "Ada Lovelace", ["email"] = "ada@privaterelay.appleid.com", ["email_verified"] = "true" } };
        fake.Discovery["issuer"] = fake.Issuer;
        fake.Discovery.Remove("userinfo_endpoint");
        fake.Discovery["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post");
        fake.Hooks["/token"] = seen => new JsonWebToken(seen.Field("client_secret")).Issuer == "TEAM" ? null : OpenIdFake.Error("invalid_client");
        await using var app = await StartAsync(
            global::Snippets.Apple.Add, fake, "apple", ("ISSUER", fake.Issuer), ("ID", "com.example.web"), ("SECRET", "made"), ("Apple:Key", key.ExportPkcs8PrivateKeyPem()), ("Apple:TeamId", "TEAM"), ("Apple:KeyId", "K"));
        fake.ChangeToken = claims => claims["aud"] = "com.example.web";
        Assert.Equal("Ada Lovelace", await SignInAsync(app, "apple", fake.Answer, byPost: true));
    }

    [Theory]
    [InlineData("corp")]
    [InlineData("discord")]
    public async Task OAuthProvidersSignIn(string provider)
    {
        var fake = new FakeProvider { User = JsonNode.Parse("""{"id":"4711","login":"ada","name":"Ada Lovelace","global_name":"Ada Lovelace","email":"ada@example.com","verified":true}""")!.AsObject() };
        await using var app = await StartAsync(
            provider == "corp" ? global::Snippets.GithubEnterprise.Add : global::Snippets.Discord.Add, new Renamed(fake), provider, ("ID", "client"), ("SECRET", "secret"));
        Assert.Equal("Ada Lovelace", await SignInAsync(app, provider, fake.Answer));
    }

    private static async Task<WebApplication> StartAsync(Action<WebApplicationBuilder> recipe, HttpMessageHandler network, string provider, params (string Name, string Value)[] settings)
    {
        var builder = TestBuilder.Create();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(
            setting => setting.Name.Contains(':', StringComparison.Ordinal) ? setting.Name : $"AUTH_{provider.ToUpperInvariant()}_{setting.Name}", setting => (string?)setting.Value));
        builder.Configuration.AddInMemoryCollection([new("AUTH_STORE", "memory"), new("AUTH_SECRET", AuthApp.Secret), new("AUTH_URL", "https://localhost")]);
        builder.WebHost.UseTestServer();
        recipe(builder);
        builder.Services.Configure<OpenIdConnectOptions>(provider, options => options.BackchannelHttpHandler = network);
        builder.Services.Configure<OAuthOptions>(provider, options => options.BackchannelHttpHandler = network);
        builder.Services.Configure<GitHubOptions>(provider, options => options.BackchannelHttpHandler = network);
        var app = builder.Build();
        app.MapBlazorAuth();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static async Task<string?> SignInAsync(WebApplication app, string provider, Func<Uri, (string, string?)[], Uri> answer, bool byPost = false)
    {
        using var browser = new Browser(new Uri("https://localhost"), app.GetTestServer().CreateHandler(), TimeProvider.System);
        var started = await browser.PostAsync($"/api/auth/signin/{provider}");
        var back = answer(started.Location!, []);
        if (byPost)
        {
            Assert.Contains("samesite=none", Assert.Single(started.SetCookies, cookie => cookie.Contains("Correlation", StringComparison.Ordinal)), StringComparison.OrdinalIgnoreCase);
            await browser.PostAnswerAsync(back);
        }
        else
        {
            await browser.ArriveAsync(back);
        }

        return await browser.NameAsync();
    }

    /// <summary>Answers at the addresses of the recipes.</summary>
    private sealed class Renamed(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            Assert.Contains(request.RequestUri.Host, (string[])["github.example.com", "discord.com"]);
            path = path.EndsWith("/access_token", StringComparison.Ordinal) || path.EndsWith("/oauth2/token", StringComparison.Ordinal) ? "/token" : path.EndsWith("/emails", StringComparison.Ordinal) ? "/emails" : "/userinfo";
            request.RequestUri = new Uri("https://id.example" + path);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
