using Microsoft.AspNetCore.Authentication.Google;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Configuration;

/// <summary>Code over environment over appsettings over default.</summary>
public sealed class SettingsTests
{
    [Fact]
    public async Task CodeWinsOverTheEnvironmentAndThatOverAppSettings()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Settings["AUTH_URL"] = "https://environment.example";
            setup.Settings["Auth:Url"] = "https://appsettings.example";
            setup.Settings["Auth:TrustHost"] = "true";
            setup.Settings["Auth:AllowedOrigins:0"] = "https://one.example";
            setup.Settings["Auth:AllowedOrigins:1"] = "https://two.example";
            setup.Settings["AUTH_KNOWN_PROXIES"] = " 10.0.0.1 ,, 10.0.0.0/8 ";
            setup.Settings["AUTH_APP_NAME"] = "";
            setup.Settings["Auth:AppName"] = "From appsettings";
            setup.Options = options => options.Url = new Uri("https://code.example");
        });
        var options = app.Services.GetRequiredService<IOptions<AuthOptions>>().Value;
        Assert.Equal("https://code.example/", options.Url!.ToString());
        Assert.True(options.TrustHost);
        Assert.Equal(["https://one.example", "https://two.example"], options.AllowedOrigins);
        Assert.Equal(["10.0.0.1", "10.0.0.0/8"], options.KnownProxies);
        Assert.Equal("From appsettings", options.Pages.AppName);
        Assert.Equal("memory", options.Store);
    }

    [Fact]
    public async Task TheNewestSecretComesFirst()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            for (var i = 1; i <= 3; i++)
            {
                setup.Settings[$"AUTH_SECRET_{i}"] = $"secret-number-{i}-that-is-long-enough-for-us";
            }
        });
        Assert.Equal(
            ["secret-number-3-that-is-long-enough-for-us", "secret-number-2-that-is-long-enough-for-us", "secret-number-1-that-is-long-enough-for-us", AuthApp.Secret],
            app.Services.GetRequiredService<IOptions<AuthOptions>>().Value.Secrets);
    }

    [Theory]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("False", false)]
    [InlineData("TRUE", true)]
    [InlineData("1", true)]
    [InlineData("", null)]
    public async Task TrustHostIsABoolean(string text, bool? expected)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Settings["AUTH_TRUST_HOST"] = text);
        Assert.Equal(expected, app.Services.GetRequiredService<IOptions<AuthOptions>>().Value.TrustHost);
    }

    [Fact]
    public async Task AProvidersVariablesReachItsOptionsUnlessCodeSetThem()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.StandIns = false;
            foreach (var id in (string[])["GOOGLE", "MY_IDP", "GITHUB"])
            {
                setup.Settings[$"AUTH_{id}_ID"] = "id of " + id;
                setup.Settings[$"AUTH_{id}_SECRET"] = "secret of " + id;
                setup.Settings[$"AUTH_{id}_AUTHORIZATION_ENDPOINT"] = $"https://{id}.example/authorize".Replace('_', '-');
                setup.Settings[$"AUTH_{id}_TOKEN_ENDPOINT"] = "https://p.example/token";
                setup.Settings[$"AUTH_{id}_USERINFO_ENDPOINT"] = "https://p.example/user";
            }

            setup.Settings["AUTH_GITHUB_EMAILS_ENDPOINT"] = "https://p.example/emails";
            setup.Settings["AUTH_OIDC_ISSUER"] = "https://login.example";
            setup.Settings["AUTH_OIDC_ID"] = "id of oidc";
            setup.Settings["AUTH_OIDC_SECRET"] = "secret of oidc";
            setup.Settings["AUTH_OIDC_NAME"] = "Example Corp";
            setup.Providers = builder => builder.AddGoogle(options => options.ClientId = "code").AddGitHub().AddOAuth("My-Idp", "My IdP", _ => { });
        });
        var google = Get<GoogleOptions>(app, GoogleDefaults.AuthenticationScheme);
        Assert.Equal(("code", "secret of GOOGLE"), (google.ClientId, google.ClientSecret));
        var mine = Get<OAuthOptions>(app, "My-Idp");
        Assert.Equal(("id of MY_IDP", "https://MY-IDP.example/authorize", "https://p.example/token"), (mine.ClientId, mine.AuthorizationEndpoint, mine.TokenEndpoint));
        Assert.Equal("/api/auth/callback/my-idp", mine.CallbackPath);
        Assert.True(mine.UsePkce);
        Assert.Equal("https://p.example/emails", Get<GitHubOptions>(app, "GitHub").UserEmailsEndpoint);
        var oidc = Get<OpenIdConnectOptions>(app, "oidc");
        Assert.Equal(("https://login.example", "id of oidc", "code", "query"), (oidc.Authority, oidc.ClientId, oidc.ResponseType, oidc.ResponseMode));
        Assert.False(oidc.RemoteSignOutPath.HasValue);
        Assert.Equal("/api/auth/signout/callback/oidc", oidc.SignedOutCallbackPath);

        var providers = await app.Services.GetRequiredService<AuthProviderRegistry>().ListAsync();
        Assert.Equal(["google", "github", "my-idp", "oidc"], providers.Select(provider => provider.Id));
        Assert.Equal("Example Corp", providers[^1].DisplayName);
    }

    [Fact]
    public async Task DevelopmentMakesASecretOnceAndKeepsIt()
    {
        using var folder = new TempFolder();
        var secrets = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            await using var app = await AuthApp.StartAsync(setup =>
            {
                setup.ContentRoot = folder.Path;
                setup.Settings.Remove("AUTH_SECRET");
            });
            secrets.Add(app.Services.GetRequiredService<IOptions<AuthOptions>>().Value.Secrets.Single());
            app.Logs.AssertHoldsNone([secrets[0]]);
        }

        Assert.Equal(secrets[0], secrets[1]);
        Assert.True(secrets[0].Length >= 32);
    }

    private static T Get<T>(AuthApp app, string scheme) => app.Services.GetRequiredService<IOptionsMonitor<T>>().Get(scheme);
}
